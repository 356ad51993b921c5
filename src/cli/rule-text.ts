import { existsSync, readFileSync } from 'node:fs';
import { reportedNames } from '../decode/weirds.ts';
import { type Telling, tellingsOf } from '../decode/witnesses.ts';
import type { EventKind } from '../event/event.ts';
import type { Finding } from '../finding/finding.ts';
import { activate } from '../pipeline/active-rule.ts';
import { type Rule, techniquesOf } from '../rule/rule.ts';
import { durationText } from '../value/duration.ts';
import { fileOf } from '../value/home.ts';
import { listed } from '../value/text.ts';

/** Everything about a rule that one has to know to trust it, or to change it. */
export function ruleText(rule: Rule): string {
  const sections = [
    `${rule.id} (${rule.level}, ${rule.status})\n${rule.title}`,
    rule.description,
    `Looks at:\n${lines([...new Set(sightsOf(rule).map(sightText))])}`,
    ...wordsText(rule),
    ...optionsText(rule),
    `May be harmless:\n${lines(rule.falsepositives)}`,
    `ATT&CK: ${[...techniquesOf(rule), ...rule.tags.filter(tag => !/\.t\d/.test(tag)).map(tag => tag.replace('attack.', ''))].join(', ') || 'none'}; analytics: ${rule.analytics.join(', ') || 'none'}`,
    ...exampleText(rule),
    ...(rule.references.length > 0 ? [rule.references.join('\n')] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

const lines = (texts: readonly string[]): string => texts.map(text => `  - ${text}`).join('\n');

/** A log that shows what the rule looks for. */
interface RuleSight extends Telling {
  readonly kind: EventKind;
}

/** The logs that a rule needs one of. */
function sightsOf(rule: Rule): readonly RuleSight[] {
  const { detector, options } = activate(rule);
  const needs = Object.entries(detector.needsFor?.(options) ?? detector.needs) as [EventKind, readonly string[]][];
  return needs.flatMap(([kind, fields]) => tellingsOf(kind, fields).map(telling => ({ kind, ...telling })));
}

function sightText({ log, columns, enable }: RuleSight): string {
  const what = columns.length === 0 ? '' : ` (${columns.join(', ')})`;
  return enable.length === 0 ? `${log}${what}` : `${log}${what}, with ${listed(enable)}`;
}

/** How many of the sensors' words are named. */
const MOST_NAMED = 8;

function wordsText({ id }: Rule): readonly string[] {
  const names = reportedNames(id);
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return [`Hears from the sensor (oddtalk rules show weird NAME):\n  ${names.slice(0, MOST_NAMED).join(', ')}${more}`];
}

function optionsText(rule: Rule): readonly string[] {
  const { detector } = activate(rule);
  const all = Object.entries(detector.options).map(([name, { expects, fallback }]) => {
    const isSet = Object.hasOwn(rule.options, name);
    const value = isSet ? JSON.stringify(rule.options[name]) : plainText(fallback, expects);
    return `  ${name}: ${value}${isSet ? '' : ' (by default)'}\n      ${expects}`;
  });
  return all.length === 0 ? [] : [`Options of ${rule.detector}:\n${all.join('\n')}`];
}

/** What an option is where nobody says: as it would be written. */
function plainText(value: unknown, expects: string): string {
  if (value instanceof Set) return JSON.stringify([...value]);
  if (value instanceof Map) return JSON.stringify(Object.fromEntries(value));
  if (typeof value === 'number' && expects.startsWith('a duration')) return durationText(value);
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'none';
}

/** What it says on its sample. */
function exampleText({ id }: Rule): readonly string[] {
  const file = fileOf('samples', id, 'expected.ndjson');
  if (!existsSync(file)) return [];
  const findings = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Finding);
  const example = findings.find(({ rule }) => rule.id === id);
  return example
    ? [`For example (samples/${id}):\n  ${example.event.risk_score} ${example.oddtalk.level}: ${example.message}`]
    : [];
}

/** All rules by family, as a page: what each sees, and in which logs. */
export function rulesPage(rules: readonly Rule[]): string {
  const families = [...new Set(rules.map(({ family }) => family))].sort();
  const parts = families.map(family => {
    const rows = rules
      .filter(rule => rule.family === family)
      .map(rule => {
        const sees = rule.description.trim().replaceAll('|', '\\|');
        return `| \`${rule.id}\` | ${rule.level} | ${sees} | ${seenIn(rule, 'Zeek')} | ${seenIn(rule, 'Suricata')} | ${seenIn(rule, 'endpoint')} | ${techniquesOf(rule).join(' ')} |`;
      });
    return `## ${family}\n\n| rule | level | sees | Zeek | Suricata | endpoint | ATT&CK |\n|---|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `${PREFACE}\n${parts.join('\n')}`;
}

const PREFACE = `# The rules of oddtalk

Made by \`npm run docs\` from the rules themselves. \`oddtalk rules show ID\` says more of each: the fields that it needs, its options
with their defaults, what may be harmless, and a finding from its sample. A dash means that the sensor cannot tell it.
`;

/** How logs are called by those who write them. */
const titles = { Zeek: /^Zeek /, Suricata: /^Suricata EVE /, endpoint: /^(?=Sysmon )|^Windows (?=Security )/ } as const;

/** By the logs of one sensor, and by its words. */
function seenIn(rule: Rule, sensor: keyof typeof titles): string {
  const logs = sightsOf(rule)
    .filter(({ log }) => titles[sensor].test(log))
    .map(({ log }) => log.replace(titles[sensor], '').replace(/ events$| events(?= )/, ''));
  const hasWords = sensor !== 'endpoint' && reportedNames(rule.id, sensor).length > 0;
  const words = hasWords ? [sensor === 'Zeek' ? 'weird.log' : 'anomaly'] : [];
  const all = [...new Set([...logs, ...words])];
  if (all.length === 0) return '–';
  return all.length > 4 ? `${all.slice(0, 3).join(', ')} and ${all.length - 3} more` : all.join(', ');
}

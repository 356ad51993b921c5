import { writeNdjson } from '../output/ndjson.ts';
import { print } from '../output/print.ts';
import { columnsTable } from '../output/table.ts';
import { activate } from '../pipeline/active-rule.ts';
import { readRules } from '../rule/read.ts';
import { type Rule, readEach } from '../rule/rule.ts';
import { counted, visible } from '../value/text.ts';
import { allRules, matchesAny, refuseUnknown } from './select-rules.ts';
import { screenOf, type Terminal } from './terminal.ts';

interface ListOptions {
  readonly format: 'table' | 'ndjson';
  readonly rules?: readonly string[];
}

export async function listRules({ format, rules: folders = [] }: ListOptions, terminal: Terminal): Promise<number> {
  const rules = await allRules(folders);
  if (format === 'ndjson') {
    await writeNdjson(rules.map(plainRule), terminal.stdout);
    return 0;
  }
  const table = columnsTable<Rule>(
    [
      { title: 'Rule', width: 27, text: ({ id }) => id },
      { title: 'Level', width: 14, from: 60, text: ({ level }) => level },
      { title: 'Category', width: 18, from: 90, text: ({ category }) => category },
      { title: 'Title', text: ({ title }) => title },
    ],
    rules,
    screenOf(terminal),
  );
  await print(terminal.stdout, table);
  return 0;
}

export async function showRule(
  id: string,
  { rules: folders = [] }: { readonly rules?: readonly string[] },
  terminal: Terminal,
): Promise<number> {
  const rules = await allRules(folders);
  refuseUnknown([id], rules);
  const shown = rules.filter(rule => matchesAny(rule.id, [id])).map(ruleText);
  await print(terminal.stdout, shown.join('').split('\n').map(visible).join('\n'));
  return 0;
}

/** Everything that can be wrong with a folder of rules, or how many are right. */
export async function checkRules(folder: string, terminal: Terminal): Promise<number> {
  const rules = readEach(await readRules(folder), activate);
  await print(terminal.stdout, `${counted(rules.length, 'rule')} in ${visible(folder)}: all good\n`);
  return 0;
}

const plainRule = ({ placeOf, ...rule }: Rule): object => rule;

function ruleText(rule: Rule): string {
  const { detector, options } = activate(rule);
  const sections = [
    `${rule.id} (${rule.level}, ${rule.status})\n${rule.title}`,
    rule.description,
    `Looks at: ${needsText(detector.needsFor?.(options) ?? detector.needs)}`,
    ...(Object.keys(rule.options).length > 0 ? [`Options of ${rule.detector}:\n${optionsText(rule.options)}`] : []),
    `May be harmless:\n${rule.falsepositives.map(text => `  - ${text}`).join('\n')}`,
    `ATT&CK: ${rule.tags.join(', ') || 'none'}; analytics: ${rule.analytics.join(', ') || 'none'}`,
    ...(rule.references.length > 0 ? [rule.references.join('\n')] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

const needsText = (needs: Readonly<Record<string, readonly string[] | undefined>>): string =>
  Object.entries(needs)
    .map(([kind, fields = []]) => (fields.length === 0 ? kind : `${kind} (${fields.join(', ')})`))
    .join(', ');

const optionsText = (options: Rule['options']): string =>
  Object.entries(options)
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`)
    .join('\n');

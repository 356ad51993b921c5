import { writeNdjson } from '../output/ndjson.ts';
import { columnsTable } from '../output/table.ts';
import { activate } from '../pipeline/active-rule.ts';
import { readRules } from '../rule/read.ts';
import type { Rule } from '../rule/rule.ts';
import { counted } from '../value/text.ts';
import { allRules, refuseUnknown } from './select-rules.ts';
import { print, type Terminal, widthOf } from './terminal.ts';

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
  const title = Math.max(24, widthOf(terminal) - 27 - 14 - 20 - 4);
  const table = columnsTable(
    [
      { title: 'Rule', width: 27 },
      { title: 'Level', width: 14 },
      { title: 'Category', width: 20 },
      { title: 'Title', width: title },
    ],
    rules.map(rule => [rule.id, rule.level, rule.category, rule.title]),
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
  for (const rule of rules.filter(rule => rule.id === id)) await print(terminal.stdout, ruleText(rule));
  return 0;
}

/** Everything that can be wrong with a folder of rules, or how many are right. */
export async function checkRules(folder: string, terminal: Terminal): Promise<number> {
  const rules = (await readRules(folder)).map(activate);
  await print(terminal.stdout, `${counted(rules.length, 'rule')} in ${folder}: all good\n`);
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
    `ATT&CK: ${rule.tags.join(', ') || 'none'}; analytics ${rule.analytics.join(', ')}`,
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

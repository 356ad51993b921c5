import { writeNdjson } from '../output/ndjson.ts';
import { print } from '../output/print.ts';
import { columnsTable } from '../output/table.ts';
import { activate } from '../pipeline/active-rule.ts';
import { readRules } from '../rule/read.ts';
import { type Rule, readEach } from '../rule/rule.ts';
import { counted, visible } from '../value/text.ts';
import { rulesPage, ruleText } from './rule-text.ts';
import { allRules, matchesAny, refuseUnknown } from './select-rules.ts';
import { screenOf, type Terminal, UsageError } from './terminal.ts';

interface ListOptions {
  readonly format: 'table' | 'ndjson' | 'markdown';
  readonly rules?: readonly string[];
}

export async function listRules({ format, rules: folders = [] }: ListOptions, terminal: Terminal): Promise<number> {
  const rules = await allRules(folders);
  if (format === 'ndjson') {
    await writeNdjson(rules.map(plainRule), terminal.stdout);
    return 0;
  }
  if (format === 'markdown') {
    await print(terminal.stdout, rulesPage(rules));
    return 0;
  }
  const table = columnsTable<Rule>(
    [
      { title: 'Rule', width: 28, text: ({ id }) => id },
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
  [id = '', name]: readonly string[],
  { rules: folders = [] }: { readonly rules?: readonly string[] },
  terminal: Terminal,
): Promise<number> {
  if (id === 'weird') {
    const { weirdText } = await import('./weird-text.ts');
    if (name === undefined) throw new UsageError('rules show weird takes the name that a sensor gave to an oddity');
    await print(terminal.stdout, weirdText(name).split('\n').map(visible).join('\n'));
    return 0;
  }
  const rules = await allRules(folders);
  refuseUnknown([id], rules);
  const shown = rules.filter(rule => matchesAny(rule.id, [id])).map(ruleText);
  await print(terminal.stdout, shown.join('').split('\n').map(visible).join('\n'));
  return 0;
}

/** Everything that can be wrong with a folder of rules, or how many are right. */
export async function checkRules(folder: string, terminal: Terminal): Promise<number> {
  const rules = readEach(await readRules(folder, await allRules([])), activate);
  await print(terminal.stdout, `${counted(rules.length, 'rule')} in ${visible(folder)}: all good\n`);
  return 0;
}

const plainRule = ({ placeOf, ...rule }: Rule): object => rule;

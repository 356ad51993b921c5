import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { reasonOf } from '../input/reason.ts';
import { fileOf } from '../value/home.ts';
import { inTextOrder } from '../value/order.ts';
import { suggestion } from '../value/suggestion.ts';
import { checkedAtBuild, ruleOf } from './checked.ts';
import { type Rule, RuleError, readEach } from './rule.ts';
import { type Fail, textOf } from './text.ts';

/** The rules that come with the program. */
export const ownRules = fileOf('rules');

/** What is known of the sensors' words. */
const WEIRDS = 'weirds';
export const ownWeirds = path.join(ownRules, WEIRDS);

/** All rules of a folder and the folders in it, by id; some of its files may change rules that there are (`others`). */
export async function readRules(folder: string, others: readonly Rule[] = []): Promise<readonly Rule[]> {
  const files = readEach(await filesOf(folder), file => ({ file, text: textOf(file, fail) }));
  const known = checkedAtBuild();
  const isUnknown = files.some(({ text }) => !known.has(text));
  const { checked, amended, idAmended } = isUnknown
    ? { ...(await import('./yaml.ts')), ...(await import('./amendment.ts')) }
    : { checked: undefined, amended: undefined, idAmended: undefined };
  const rules = readEach(files, ({ file, text }) => {
    const id = idAmended?.(text);
    const changed = others.find(other => other.id === id);
    if (changed && amended) return [amended(changed, text, file)];
    if (id !== undefined) {
      const hint = suggestion(id, [...others.map(other => other.id)]);
      throw new RuleError(
        `${file}: no rule is called ${id}${hint}; a file without a detector changes a rule that there is`,
      );
    }
    const rule = known.get(text) ?? checked?.(text, file);
    return rule ? [ruleOf(rule, file)] : [];
  }).flat();
  refuseTwins(rules);
  return [...rules].sort((one, other) => inTextOrder(one.id, other.id));
}

export async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(cause => {
    throw new RuleError(`${folder}: no folder of rules can be read here: ${reasonOf(cause)}`, { cause });
  });
  const files = entries
    .filter(entry => !entry.isDirectory() && /\.ya?ml$/.test(entry.name) && path.basename(entry.parentPath) !== WEIRDS)
    .map(entry => path.join(entry.parentPath, entry.name));
  if (files.length === 0) throw new RuleError(`${folder}: no rule is here: a rule is a file that ends in .yml`);
  return files.sort();
}

const fail: Fail = (message, options) => new RuleError(message, options);

function refuseTwins(rules: readonly Rule[]): void {
  const known = new Map<string, Rule>();
  for (const rule of rules) {
    const twin = known.get(rule.id);
    if (twin) throw new RuleError(`${rule.placeOf('id')}: the id ${rule.id} is taken by ${twin.placeOf('id')}`);
    known.set(rule.id, rule);
  }
}

import { weirdNamed } from '../decode/weirds.ts';
import { type ActiveRule, activate } from '../pipeline/active-rule.ts';
import { ownRules, readRules } from '../rule/read.ts';
import { type Rule, readEach } from '../rule/rule.ts';
import { inTextOrder } from '../value/order.ts';
import { suggestion } from '../value/suggestion.ts';
import { globOf } from '../value/text.ts';
import { UsageError } from './terminal.ts';

interface Choice {
  /** Folders of rules beside the program's own; of two rules with one id the later counts. */
  readonly folders: readonly string[];
  readonly only: readonly string[];
  readonly without: readonly string[];
}

/** The rules of a run, checked whole before anything is read. */
export async function selectRules({ folders, only, without }: Choice): Promise<readonly ActiveRule[]> {
  const rules = await allRules(folders);
  const wanted = only.length === 0 ? rules : rules.filter(({ id }) => matchesAny(id, only));
  refuseUnknown([...only, ...without], rules);
  const active = readEach(
    wanted.filter(({ id }) => !matchesAny(id, without)),
    activate,
  );
  if (active.length === 0) throw new UsageError('--only and --without leave no rule to hunt with');
  return active;
}

export async function allRules(folders: readonly string[]): Promise<readonly Rule[]> {
  const byId = new Map<string, Rule>();
  for (const folder of [ownRules, ...folders]) {
    for (const rule of await readRules(folder, [...byId.values()])) byId.set(rule.id, rule);
  }
  return [...byId.values()].sort((one, other) => inTextOrder(one.id, other.id));
}

const matches = (id: string, pattern: string): boolean => globOf(pattern)(id);

export const matchesAny = (id: string, patterns: readonly string[]): boolean =>
  patterns.some(pattern => matches(id, pattern));

export function refuseUnknown(patterns: readonly string[], rules: readonly Rule[]): void {
  for (const pattern of patterns) {
    if (rules.some(({ id }) => matches(id, pattern))) continue;
    const ids = rules.map(({ id }) => id);
    const word = weirdNamed(pattern) ? `; oddtalk rules show weird ${pattern} explains that word of a sensor` : '';
    throw new UsageError(
      `no rule is called ${pattern}${suggestion(pattern, ids)}; oddtalk rules list shows all${word}`,
    );
  }
}

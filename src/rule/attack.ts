import { readFileSync } from 'node:fs';
import { fileOf } from '../value/home.ts';
import { once } from '../value/once.ts';
import { suggestion } from '../value/suggestion.ts';
import { type Rule, RuleError } from './rule.ts';

/** ATT&CK for enterprises as of one version: names change from one to the next. */
interface Attack {
  readonly version: string;
  readonly tactics: readonly string[];
  /** By technique how many sub-techniques there are, or which, where their numbers have holes. */
  readonly techniques: Readonly<Record<string, number | readonly number[]>>;
}

const attack = once((): Attack => JSON.parse(readFileSync(fileOf('rules/attack-v18.json'), 'utf8')));

/** Whether there is such a technique (`T1071.004`). */
export function isTechnique(id: string): boolean {
  const [technique = '', sub] = id.split('.');
  const { techniques } = attack();
  const subs = Object.hasOwn(techniques, technique) ? techniques[technique] : undefined;
  if (subs === undefined || sub === undefined) return subs !== undefined;
  const number = Number(sub);
  return typeof subs === 'number' ? number >= 1 && number <= subs : subs.includes(number);
}

/** Refuses tags of techniques and tactics that there are none of. */
export function refuseUnknownTags(tags: readonly string[], placeOf: Rule['placeOf']): void {
  const wrong = tags.flatMap((tag, index) => {
    const name = tag.replace(/^attack\./, '');
    const { tactics, version } = attack();
    if (/^t\d/.test(name) ? isTechnique(name.toUpperCase()) : tactics.includes(name)) return [];
    const hint = suggestion(name, tactics);
    return [`${placeOf('tags', `${index}`)}: tags.${index}: ${tag} is nothing of ATT&CK v${version}${hint}`];
  });
  if (wrong.length > 0) throw new RuleError(wrong.join('\n'));
}

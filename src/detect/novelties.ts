import type { Baseline } from '../baseline/baseline.ts';
import type { Novelty } from '../baseline/novelty.ts';
import { kindsOf, needsOfTrait, type Trait } from '../baseline/traits.ts';
import type { Needs } from './detector.ts';

/** The traits whose novelties are told. */
export const toldTraits = [
  'talker',
  'listener',
  'domain',
  'process',
  'agent',
  'fingerprint',
] as const satisfies readonly Trait[];

/** What programs do: told where it is a surprise, and not among what was likely to come. */
export const programTraits = ['reach', 'asked', 'answering', 'runs'] as const satisfies readonly Trait[];

export type ToldTrait = (typeof toldTraits | typeof programTraits)[number];

/** Every kind of event from which one of the traits is learnt, with what it is learnt by where that is not always there. */
export const needsOf = (traits: readonly ToldTrait[]): Needs =>
  Object.fromEntries(traits.flatMap(trait => kindsOf(trait).map(kind => [kind, needsOfTrait(trait)])));

/**
 * Whether something new stands alone, and is not told among what was likely to come. Of a host that had more values than
 * there was room for (`--max-rows`) nobody can say: what seems new may only be forgotten.
 */
export const isSurprise = ({ chance, row }: Novelty, limit: number, baseline: Baseline): boolean =>
  chance <= limit && !baseline.isForgetful(row.entity);

/** Just surprising enough is worth six tenths of the rule's weight; a hundred times less likely is worth all of it. */
export const surpriseOf = (chance: number, limit: number): number =>
  Math.min(1, 0.6 + 0.2 * Math.log10(limit / chance));

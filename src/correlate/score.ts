import type { ScorePart } from '../finding/finding.ts';
import { type Level, levels } from '../value/level.ts';
import { inTextOrder } from '../value/order.ts';

/** What evidence of a level is worth alone, and the score from which on a finding has that level. */
const weights: Readonly<Record<Level, number>> = {
  informational: 0.1,
  low: 0.3,
  medium: 0.5,
  high: 0.7,
  critical: 0.9,
};
const borders: Readonly<Record<Level, number>> = { informational: 0, low: 25, medium: 45, high: 65, critical: 85 };

export const weightOf = (level: Level): number => weights[level];

interface Ranked {
  readonly score: number;
  readonly start: string;
  readonly id: string;
}

/** The score decides the order, then the time, then the id. */
export const weightiestFirst = (one: Ranked, other: Ranked): number =>
  other.score - one.score || inTextOrder(one.start, other.start) || inTextOrder(one.id, other.id);

/** The score from which on a finding has a level. */
export const borderOf = (level: Level): number => borders[level];

/** The level that a score from 0 to 100 stands for. */
export const levelOfScore = (score: number): Level =>
  levels.findLast(level => score >= borders[level]) ?? 'informational';

/**
 * How rare something is: 1 where one host shows it, towards a tenth the more do, on a logarithmic scale, so that 20 of
 * 400 hosts is half as rare as one. Small networks count as 20 hosts: two of two is no habit yet.
 */
export function rarityOf(hosts: number, of: number): number {
  if (hosts <= 1) return 1;
  return Math.max(0.1, 1 - Math.log(hosts) / Math.log(Math.max(of, 20)));
}

/** One reason, and how much it would be worth alone. */
export interface Reason {
  readonly because: string;
  readonly weight: number;
}

/** Independent reasons together, 1 − Π(1 − w): each adds what the ones before it have left open. */
export function noisyOr(reasons: readonly Reason[]): { readonly score: number; readonly parts: readonly ScorePart[] } {
  let open = 1;
  const parts = reasons.map(({ because, weight }) => {
    const adds = weight * open;
    open -= adds;
    return { because, adds: rounded(adds, 3) };
  });
  return { score: rounded((1 - open) * 100, 1), parts };
}

const rounded = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;

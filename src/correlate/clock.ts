import { MINUTE, type Micros, SECOND } from '../value/time.ts';

/** By how much one clock is ahead of another, and how many pairs of times say so. */
export interface Offset {
  readonly offset: Micros;
  readonly support: number;
}

/**
 * The difference that most pairs of times agree on, within a width: the middle one of those. Of two that as many agree on
 * the smaller one. Pairs that do not belong together lie anywhere, so that they do not agree on any.
 */
export function dominantOffset(differences: readonly Micros[], width: Micros): Offset | undefined {
  const sorted = [...differences].sort((one, other) => one - other);
  let best: Offset | undefined;
  for (let from = 0, to = 0; from < sorted.length; from++) {
    const first = sorted[from] ?? 0;
    while (to < sorted.length && (sorted[to] ?? 0) - first <= width) to++;
    const found = { offset: sorted[(from + to - 1) >> 1] ?? 0, support: to - from };
    const isBetter =
      !best ||
      found.support > best.support ||
      (found.support === best.support && Math.abs(found.offset) < Math.abs(best.offset));
    if (isBetter) best = found;
  }
  return best;
}

/** From here on a clock is not late but wrong. */
const SLEPT = MINUTE;
/** Time zones differ by quarters of an hour; a clock that is right but for its zone is right to that. */
const QUARTER = 15 * MINUTE;
const RIGHT = 5 * SECOND;

/** What may be the matter with a clock that is so far ahead of the sensor's. */
export function doubtOf(offset: Micros): string | undefined {
  const size = Math.abs(offset);
  if (size < SLEPT) return undefined;
  const isZone =
    size >= QUARTER - RIGHT &&
    size <= 14 * 60 * MINUTE &&
    Math.abs(size - Math.round(size / QUARTER) * QUARTER) <= RIGHT;
  return isZone ? 'local time that is called UTC' : 'a clock that slept or is wrong';
}

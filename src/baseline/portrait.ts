import type { Symbols } from '../kernel/symbols.ts';
import { inTextOrder } from '../value/order.ts';
import { isoTime } from '../value/time.ts';
import { daysOf } from './days.ts';
import type { Row } from './row.ts';
import { type Trait, traits } from './traits.ts';
import { valueText } from './value-text.ts';

/** One thing that is normal for a host. */
export interface Habit {
  readonly trait: Trait;
  readonly value: string;
  /** On how many days of the last 32 before its last sighting it was seen. */
  readonly days: number;
  readonly count: number;
  readonly bytes: number;
  readonly first: string;
  readonly last: string;
}

/** What a row says; undefined for a trait that this version does not know. */
export function habitOf(row: Row, symbols: Symbols): Habit | undefined {
  const trait = traits[row.trait];
  if (trait === undefined) return undefined;
  const { first, last, count, bytes } = row;
  const value = valueText(row, symbols) || 'unanswered';
  return { trait, value, days: [...daysOf(row)].length, count, bytes, first: isoTime(first), last: isoTime(last) };
}

/** Everything that is normal for a host, of each trait the most steady first. */
export const portraitOf = (rows: Iterable<Row>, symbols: Symbols): readonly Habit[] =>
  [...rows]
    .flatMap(row => habitOf(row, symbols) ?? [])
    .sort(
      (one, other) =>
        traits.indexOf(one.trait) - traits.indexOf(other.trait) ||
        other.days - one.days ||
        other.count - one.count ||
        inTextOrder(one.value, other.value),
    );

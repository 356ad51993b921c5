import { keyOf, type PlanColumn } from '../kernel/plan.ts';
import type { ImprintPart } from '../kernel/sieve.ts';
import { NO_ID } from '../kernel/table.ts';
import type { RowCode } from './row-class.ts';

/**
 * What tells rows apart: a column as it stands; whether a number is positive, zero or not there; or a value of which there
 * are few, worked out of columns of which there are many.
 */
export type LikenessPart =
  | { readonly column: PlanColumn }
  | { readonly sign: PlanColumn }
  | { readonly value: RowCode };

/** Each once: what tells rows apart, and the values among them, in the order of the words that stand for them. */
export interface Likeness {
  readonly parts: readonly ImprintPart[];
  readonly values: readonly RowCode[];
}

export function likenessOf(parts: readonly LikenessPart[]): Likeness {
  const columns = new Map(parts.flatMap(part => ('column' in part ? [[keyOf(part.column), part.column]] : [])));
  const signs = new Map(parts.flatMap(part => ('sign' in part ? [[keyOf(part.sign), part.sign]] : [])));
  const values = [...new Set(parts.flatMap(part => ('value' in part ? [part.value] : [])))];
  return {
    parts: [
      ...[...columns.values()].map(column => ({ column })),
      ...[...signs.values()].map(sign => ({ sign })),
      ...values.map(() => 'word' as const),
    ],
    values,
  };
}

/** Values that are no small numbers, by number: words of a few, written in the code. */
const others = new Map<unknown, number>();
const FIRST_OTHER = 2 ** 30;
const MOST_OTHERS = 10_000;

/** One word for each value, or none: numbers that are large or broken are too many. */
export function wordOf(value: unknown): number {
  if (typeof value === 'number' && !Number.isNaN(value))
    return value >= 0 && value < FIRST_OTHER && (value | 0) === value ? value : NO_ID;
  if (value === true) return FIRST_OTHER + MOST_OTHERS;
  if (value === false) return FIRST_OTHER + MOST_OTHERS + 1;
  const known = others.get(value);
  if (known !== undefined) return known;
  if (others.size === MOST_OTHERS) return NO_ID;
  others.set(value, FIRST_OTHER + others.size);
  return FIRST_OTHER + others.size - 1;
}

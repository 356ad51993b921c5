import { dayOf, type Micros } from '../value/time.ts';

/**
 * The UTC days on which a value was seen, as 32 bits that count back from the day of its last sighting: bit 0 is that
 * day, bit 31 the 31st before. Two of them combine whatever the order: the older one is shifted to the newer day.
 */
export type Days = number;

export const ONE_DAY: Days = 1;

/** The same days, counted back from a later day; days further back than 31 drop out. */
const aged = (days: Days, by: number): Days => (by > 31 ? 0 : (days << by) >>> 0);

/** The days of two sets, each with its last sighting; a set without a sighting has no days and the last one never. */
export function joinedDays(one: Days, oneLast: Micros, other: Days, otherLast: Micros): Days {
  const oneDay = dayOf(oneLast);
  const otherDay = dayOf(otherLast);
  if (oneDay === otherDay) return (one | other) >>> 0;
  return oneDay > otherDay
    ? (one | aged(other, oneDay - otherDay)) >>> 0
    : (other | aged(one, otherDay - oneDay)) >>> 0;
}

/** The numbers of the days themselves. */
export function* daysOf({ days, last }: { readonly days: Days; readonly last: Micros }): Generator<number> {
  for (let back = 0; back < 32; back++) if ((days >>> back) & 1) yield dayOf(last) - back;
}

/** How many of the days lie before a given one. */
export function daysBefore({ days, last }: { readonly days: Days; readonly last: Micros }, day: number): number {
  const skip = dayOf(last) - day + 1;
  if (skip > 31) return 0;
  return bitsOf(skip > 0 ? days >>> skip : days);
}

function bitsOf(word: number): number {
  let rest = word;
  let bits = 0;
  while (rest !== 0) {
    rest &= rest - 1;
    bits++;
  }
  return bits;
}

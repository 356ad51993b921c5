import { dayOf, type Micros } from '../value/time.ts';

/**
 * The UTC days on which a value was seen, as 32 bits that count back from the day of its last sighting: bit 0 is that
 * day, bit 31 the 31st before. Two of them combine whatever the order: the older one is shifted to the newer day.
 */
export type Days = number;

export const ONE_DAY: Days = 1;

/** The same days, counted back from a later day; days further back than 31 drop out. */
const aged = (days: Days, by: number): Days => (by > 31 ? 0 : (days << by) >>> 0);

export const joinedDays = (
  one: { readonly days: Days; readonly last: Micros },
  other: { readonly days: Days; readonly last: Micros },
): Days => {
  const day = Math.max(dayOf(one.last), dayOf(other.last));
  return (aged(one.days, day - dayOf(one.last)) | aged(other.days, day - dayOf(other.last))) >>> 0;
};

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

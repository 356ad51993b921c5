import type { Address } from '../value/address.ts';
import { madeAt } from '../value/made-at.ts';
import { dayOf, type Micros } from '../value/time.ts';
import type { Acquaintances } from './acquaintance.ts';
import { chanceOfNew, type Seen } from './chance.ts';
import { joinedDays } from './days.ts';
import { isEarlier, type Row } from './row.ts';

/** A host that was first seen once the network had been known for long enough. */
export interface Newcomer {
  readonly host: Address;
  /** What it did first. */
  readonly row: Row;
  /** Since when the network is known. */
  readonly knownSince: Micros;
  /** How likely a host was that nobody had seen, by pairs of a host and a day on which it was seen. */
  readonly chance: number;
  readonly history: number;
  readonly of: number;
}

export function newcomersIn(
  rows: readonly Row[],
  { entities, warmup }: Acquaintances,
  learnUntil?: Micros,
): readonly Newcomer[] {
  const knownSince = beginningOf([...entities.values()].map(({ since }) => since));
  if (knownSince === undefined) return [];
  const countsFrom = learnUntil ?? knownSince + warmup;
  const hosts = new Map<Address, { row: Row } & { -readonly [Key in keyof Seen]: Seen[Key] }>();
  for (const row of rows) {
    const { entity, first, last, days } = row;
    const host = hosts.get(entity);
    if (!host) {
      hosts.set(entity, { row, first, last, days });
      continue;
    }
    host.days = joinedDays(host.days, host.last, days, last);
    host.last = Math.max(host.last, last);
    if (isBefore(row, host.row)) host.row = row;
    host.first = Math.min(host.first, first);
  }
  const estimates = new Map<number, ReturnType<typeof chanceOfNew>>();
  return [...hosts].flatMap(([host, { row, first }]): readonly Newcomer[] => {
    const since = entities.get(host)?.since ?? first;
    // Of one that was known before its rows begin the first ones have been forgotten.
    if (since <= countsFrom || since < first) return [];
    const day = dayOf(since);
    const estimate = madeAt(estimates, day, () => chanceOfNew(hosts.values(), day));
    return [{ host, row, knownSince, ...estimate, of: entities.size }];
  });
}

/** Of what it did at one moment always the same. */
const isBefore = (one: Row, other: Row): boolean =>
  one.first < other.first || (one.first === other.first && isEarlier(one.reference, other.reference));

/** When the second host was seen: one clock that is wrong does not make a network old. */
function beginningOf(since: readonly Micros[]): Micros | undefined {
  const [first, second] = [...since].sort((one, other) => one - other);
  return second ?? first;
}

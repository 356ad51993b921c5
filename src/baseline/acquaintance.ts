import type { Address } from '../value/address.ts';
import { DAY, dayOf, HOUR, type Micros } from '../value/time.ts';
import { type Days, daysOf } from './days.ts';
import type { Row } from './row.ts';
import type { Known } from './store/store.ts';

/** From the first to the last event of a witness. */
export interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

export const joinedSpans = (one: Span, other: Span): Span => ({
  from: Math.min(one.from, other.from),
  to: Math.max(one.to, other.to),
});

/** From the first of several to the last; undefined where there is none. */
export const spanOver = (spans: Iterable<Span>): Span | undefined =>
  [...spans].reduce<Span | undefined>((all, span) => (all ? joinedSpans(all, span) : span), undefined);

/** How long an entity must be known before what it shows can be new. */
export interface Warmup {
  readonly length: Micros | 'auto';
  /** A moment set by hand: what entities known before it show after it is new. */
  readonly learnUntil: Micros | undefined;
}

/**
 * A quarter of what was observed, at least an hour, at most a week. A record with a stray clock stretches the span over
 * years, but adds only one day to the days on which anything was seen.
 */
function lengthOf({ length }: Warmup, span: Span | undefined, days: number): Micros {
  if (length !== 'auto') return length;
  const observed = span ? Math.min(span.to - span.from, days * DAY) : 0;
  return Math.min(Math.max(observed / 4, HOUR), 7 * DAY);
}

/** Since when an entity is known, until when it was seen, and from when on what it shows counts as new. */
interface Acquaintance {
  readonly since: Micros;
  readonly until: Micros;
  readonly countsFrom: Micros;
  /** Who had the address before it changed hands. */
  readonly former?: Acquaintance;
}

/** From when on it counts what somebody shows who is known since then. */
const countingFrom = (since: Micros, length: Micros, { learnUntil }: Warmup): Micros =>
  learnUntil !== undefined && since < learnUntil ? learnUntil : since + length;

/** Whoever was there at a time. */
export const acquaintedAt = (acquaintance: Acquaintance, time: Micros): Acquaintance =>
  acquaintance.former && time < acquaintance.since ? acquaintance.former : acquaintance;

/** Every entity that a witness knows, and the days on which the witness looked. */
export interface Acquaintances {
  /** How long an entity must be known. */
  readonly warmup: Micros;
  readonly entities: ReadonlyMap<Address, Acquaintance>;
  /** On how many days from one day up to another, without that, anything at all was seen. */
  daysSeen(from: number, to: number): number;
}

/** `before`: who was known earlier than the rows say. */
export function acquaintancesOf(
  rows: readonly Row[],
  warmup: Warmup,
  span: Span | undefined,
  before: readonly Known[] = [],
): Acquaintances {
  const days = daysIn(rows);
  const length = lengthOf(warmup, span, days.length);
  const entities = new Map<Address, Acquaintance>();
  for (const { entity, first, last } of [...before, ...rows]) {
    const known = entities.get(entity);
    if (known && known.since <= first && last <= known.until) continue;
    const since = Math.min(known?.since ?? first, first);
    const countsFrom = countingFrom(since, length, warmup);
    entities.set(entity, { since, until: Math.max(known?.until ?? last, last), countsFrom });
  }
  const daysBefore = (day: number): number => {
    const index = days.findIndex(each => each >= day);
    return index < 0 ? days.length : index;
  };
  return { warmup: length, entities, daysSeen: (from, to) => Math.max(0, daysBefore(to) - daysBefore(from)) };
}

/**
 * The same for addresses that have changed hands: whoever has one now is known since then, and what it had shown before
 * was somebody else's doing.
 */
export function sinceHandedOver(
  acquaintances: Acquaintances,
  handedOver: ReadonlyMap<Address, Micros>,
  warmup: Warmup,
): Acquaintances {
  if (handedOver.size === 0) return acquaintances;
  const entities = new Map(acquaintances.entities);
  for (const [address, since] of handedOver) {
    const known = entities.get(address);
    if (!known || known.since >= since) continue;
    const countsFrom = countingFrom(since, acquaintances.warmup, warmup);
    entities.set(address, { ...known, since, countsFrom, former: known });
  }
  return { ...acquaintances, entities };
}

/** The days on which anything at all was seen, in their order. */
function daysIn(rows: Iterable<Row>): readonly number[] {
  // All rows with one last day together: there are as few of those as days.
  const byLastDay = new Map<number, { days: Days; readonly last: Micros }>();
  const found = new Set<number>();
  for (const { first, last, days } of rows) {
    const known = byLastDay.get(dayOf(last));
    if (known) known.days |= days;
    else byLastDay.set(dayOf(last), { days, last });
    found.add(dayOf(first));
  }
  for (const together of byLastDay.values()) for (const day of daysOf(together)) found.add(day);
  return [...found].sort((one, other) => one - other);
}

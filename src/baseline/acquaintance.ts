import type { Address } from '../value/address.ts';
import { DAY, dayOf, HOUR, type Micros } from '../value/time.ts';
import { daysOf } from './days.ts';
import type { Row } from './rows.ts';

/** From the first to the last event of a witness. */
export interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/** How long an entity must be known before what it shows can be new. */
export interface Warmup {
  readonly length: Micros | 'auto';
  /** A moment set by hand: what entities known before it show after it is new. */
  readonly learnUntil: Micros | undefined;
}

/** A quarter of what was observed, at least an hour, at most a week. */
export function lengthOf({ length }: Warmup, span: Span | undefined): Micros {
  if (length !== 'auto') return length;
  return Math.min(Math.max(span ? (span.to - span.from) / 4 : 0, HOUR), 7 * DAY);
}

/** Since when an entity is known, until when it was seen, and from when on what it shows counts as new. */
interface Acquaintance {
  readonly since: Micros;
  readonly until: Micros;
  readonly countsFrom: Micros;
}

/** Every entity that a witness knows, and the days on which the witness looked. */
export interface Acquaintances {
  readonly entities: ReadonlyMap<Address, Acquaintance>;
  /** On how many days from one day up to another, without that, anything at all was seen. */
  daysSeen(from: number, to: number): number;
}

export function acquaintancesOf(rows: Iterable<Row>, warmup: Warmup, span: Span | undefined): Acquaintances {
  const { learnUntil } = warmup;
  const length = lengthOf(warmup, span);
  const entities = new Map<Address, Acquaintance>();
  const days = new Set<number>();
  for (const row of rows) {
    const known = entities.get(row.entity);
    const since = Math.min(known?.since ?? row.first, row.first);
    const countsFrom = learnUntil !== undefined && since < learnUntil ? learnUntil : since + length;
    entities.set(row.entity, { since, until: Math.max(known?.until ?? row.last, row.last), countsFrom });
    days.add(dayOf(row.first));
    for (const day of daysOf(row)) days.add(day);
  }
  const seen = [...days].sort((one, other) => one - other);
  const seenBefore = (day: number): number => {
    const index = seen.findIndex(each => each >= day);
    return index < 0 ? seen.length : index;
  };
  return { entities, daysSeen: (from, to) => Math.max(0, seenBefore(to) - seenBefore(from)) };
}

import type { Address } from '../../value/address.ts';
import type { Micros } from '../../value/time.ts';
import type { PackedRows } from '../packed-rows.ts';
import type { Row, RowKey } from '../row.ts';
import type { Witness } from '../traits.ts';

/** Whose rows these are: one writer's segments are numbered, so that a segment that comes again is known. */
export interface Segment {
  readonly writer: string;
  readonly sequence: number;
}

/** The values that a segment was the first to show: looked up when they are asked for. */
type Claims = Iterable<Row>;

/**
 * What is remembered of all entities. Merging is commutative and associative, and a segment that is merged a second
 * time changes nothing: so one process, eight workers and forty log servers give the same baseline, in any order.
 */
export interface BaselineStore {
  /** A segment that comes again gets its own claims back, whatever came since. */
  merge(segment: Segment, rows: PackedRows): Claims;
  scan(): Iterable<Row>;
  /** Everything that is known of one entity. */
  lookup(entity: Address): Iterable<Row>;
  /** How many entities show a value. */
  prevalence(value: Omit<RowKey, 'entity'>): number;
  /** Forgets values that were last seen before a time, and says how many; but never since when an entity is known. */
  expire(before: Micros): number;
  /** Since when entities are known of which values have expired. */
  knownBefore(): Iterable<Known>;
  /** Of which entities rows had to be forgotten for want of room, and how many: what is new to them may only be forgotten. */
  readonly forgotten: ReadonlyMap<Address, number>;
  close(): void;
}

/** When a witness first and last saw an entity, as far as its rows do not say it any more. */
export interface Known {
  readonly witness: Witness;
  readonly entity: Address;
  readonly first: Micros;
  readonly last: Micros;
}

export const keyOf = ({ writer, sequence }: Segment): string => `${writer} ${sequence}`;

import type { Address } from '../../value/address.ts';
import type { PackedRows } from '../packed-rows.ts';
import type { Row } from '../row.ts';

/** Whose rows these are: one writer's segments are numbered, so that a segment that comes again is known. */
interface Segment {
  readonly writer: string;
  readonly sequence: number;
}

/**
 * What is remembered of all entities. Merging is commutative and associative, and a segment that is merged a second
 * time changes nothing: so one process, eight workers and forty log servers give the same baseline, in any order.
 */
export interface BaselineStore {
  merge(segment: Segment, rows: PackedRows): void;
  scan(): Iterable<Row>;
  /** Of which entities rows had to be forgotten, and how many: what is new to them may only be forgotten. */
  readonly forgotten: ReadonlyMap<Address, number>;
}

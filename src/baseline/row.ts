import type { SymbolId } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { Days } from './days.ts';

/** Where a number has nothing to say: a talker has no name, a domain no port. */
export const NONE = -1;

/** What a row is about: an entity, one of its traits, and the value that the trait took. */
export interface RowKey {
  /** The trait's place in the table of traits. */
  readonly trait: number;
  readonly entity: Address;
  readonly peer: Address;
  readonly port: number;
  readonly transport: SymbolId;
  readonly name: SymbolId;
}

/** The keys of many rows: six words for each, as in `packed-rows.ts`. */
export type Keys = Uint32Array;

/**
 * Where the first sighting stands: the segment's place in the list of segments, the log, the line in the segment, the
 * flow's identifier. Only read where it is kept, so that one object may serve all sightings.
 */
export interface RowReference {
  readonly segment: number;
  readonly log: SymbolId;
  readonly line: number;
  readonly uid: string | undefined;
}

/** Of two first sightings at one moment the one that stands first is kept, whichever was read first. */
export const isEarlier = (one: RowReference, other: RowReference): boolean =>
  one.segment < other.segment || (one.segment === other.segment && one.line < other.line);

/** How often and when a value was seen. */
export interface Sightings extends RowKey {
  readonly first: Micros;
  readonly last: Micros;
  readonly count: number;
  readonly bytes: number;
  readonly days: Days;
  /** Those of all flows in one (exclusive or): 0 where each was counted twice. */
  readonly marks: number;
}

/** The same, and where the first of them stands. */
export interface Row extends Sightings {
  readonly reference: RowReference;
}

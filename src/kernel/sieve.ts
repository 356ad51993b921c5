import type { PlanColumn } from './plan.ts';

/**
 * What tells rows apart: a column as it stands; whether a number is positive, zero or not there; or a word that whoever
 * asks works out.
 */
export type ImprintPart = { readonly column: PlanColumn } | { readonly sign: PlanColumn } | 'word';

/** What is each row's own and counts all the same: when it was, and the port by which it is told from its like. */
export interface Telling {
  readonly time: PlanColumn;
  readonly port?: PlanColumn | undefined;
}

/** How many numbers may be remembered of a row, for those that are like it. */
export const MOST_NOTES = 5;

/** Counts the rows of a table that are like one before, so that nobody need look at them. */
export interface Sieve {
  /** The rows that are asked for: written by whoever asks. */
  readonly rows: Uint32Array;
  /** For each part that is a word the word of each row (NO_ID, as of a name, makes it like no other), and how many bytes each row had: written by whoever asks. */
  readonly words: readonly Uint32Array[];
  readonly sizes: Float64Array;
  /**
   * Counts so many of `rows`, and says how many are left. `asker` tells apart those whose rows are never alike, `owner` those
   * who cannot make use of what the other has counted; neither is 0. `hasSizes` says that there are bytes to be counted.
   */
  sift(count: number, asker: number, owner: number, hasSizes: boolean): number;
  /** Of each that is left its place among `rows`, and its likeness, or 0 where that is lost or cannot be. */
  placeOf(left: number): number;
  likenessOf(left: number): number;
  /** When the first and the last were of those that were asked for. */
  readonly earliest: number;
  readonly latest: number;
  readonly likenesses: Likenesses;
}

/** Hears what was counted of rows that are alike: where their notes stand, how many they were, when the last, how large, and their marks. */
export type Counted = (notes: number, count: number, last: number, bytes: number, marks: number) => void;

/**
 * What is remembered of rows by what they are like, and what has been counted of those that came since. All tables of a
 * thread share it, and a likeness may be lost at any time, to one that came later.
 */
export interface Likenesses {
  /** For an asker or an owner: no two are the same, and none is 0. */
  newNumber(): number;
  /** Whose it is; 0 where nobody has said. */
  ownerOf(likeness: number): number;
  /** Where among `notes` the numbers stand that its owner remembers with it. */
  notesOf(likeness: number): number;
  readonly notes: Int32Array;
  /** From now on rows of that day are counted, if they are not before that time. */
  begin(likeness: number, owner: number, time: number): void;
  /** Tells what has been counted, and forgets it: of one, of those that were lost, of all that an owner has. */
  tell(likeness: number, counted: Counted): void;
  tellLost(counted: Counted): void;
  tellAll(owner: number, counted: Counted): void;
}

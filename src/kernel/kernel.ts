import type { Table } from './table.ts';

/** Whole lines of one source, as they stand in it (after decompression). */
export interface Block {
  readonly bytes: Buffer;
  /** The number of the first line, from 1. */
  readonly line: number;
}

/** A line that could not be decoded: how many lines into the block it stands, and why it was refused. */
export interface Refusal {
  readonly line: number;
  readonly reason: string;
}

/** Where a call begins: a byte of the block, and how many lines into it that is. */
export interface Position {
  readonly at: number;
  readonly line: number;
}

/**
 * What one call has done. It ends at the `end` of the block, with a `full` table, or before a line that is not of this
 * form: a `directive` (`#fields …`) or a `stranger` (JSON among TSV and the other way round), which the caller handles.
 */
export interface Progress extends Position {
  readonly stop: 'end' | 'full' | 'directive' | 'stranger';
  readonly refused: readonly Refusal[];
  /** How many lines the fast path left to the careful one. */
  readonly declined: number;
}

/** Bytes in, columns out: each call fills the table from its first row, whatever was in it before. */
export interface Decoder {
  readonly table: Table;
  decode(block: Block, from: Position): Progress;
}

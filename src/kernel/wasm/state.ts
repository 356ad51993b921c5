/** Where things lie in the memory, and how far a call has come. Everything is set by the binding (`../fast/`). */

/** What a wanted value is decoded to; the numbers are those of `ColumnType` in the binding. */
export const TEXT: u32 = 0;
export const SYMBOL: u32 = 1;
export const NUMBER: u32 = 2;
export const TIME: u32 = 3;
export const ADDRESS: u32 = 4;
export const BOOLEAN: u32 = 5;

/** Why a call ended. */
export const END: u32 = 0;
export const FULL: u32 = 1;
/** The line at `at` is for the slow path. */
export const UNSURE: u32 = 2;
export const DIRECTIVE: u32 = 3;
export const STRANGER: u32 = 4;

export const LINE_FEED: u32 = 10;
export const CARRIAGE_RETURN: u32 = 13;
export const QUOTE: u32 = 34;
export const MINUS: u32 = 45;
export const DOT: u32 = 46;
export const COLON: u32 = 58;
export const BACKSLASH: u32 = 92;

/** The byte where the next line begins, counted from the start of the block. */
export let at: u32 = 0;
/** How many lines into the block that is. */
export let line: u32 = 0;
/** How many rows are filled. */
export let rows: u32 = 0;

/** Where the block lies, how many rows there may be, and where each row's line number and first byte go. */
export let block: usize = 0;
export let mostRows: u32 = 0;
let lines: usize = 0;
let starts: usize = 0;

export function place(linesAt: usize, startsAt: usize): void {
  lines = linesAt;
  starts = startsAt;
}

export function begin(blockAt: usize, from: u32, fromLine: u32, fromRow: u32, most: u32): void {
  block = blockAt;
  mostRows = most;
  at = from;
  line = fromLine;
  rows = fromRow;
}

/** The line that ends before `next` has been decoded into a row. */
export function keep(start: usize, next: usize): void {
  store<u32>(lines + ((<usize>rows) << 2), line);
  store<u32>(starts + ((<usize>rows) << 2), <u32>(start - block));
  rows++;
  pass(next);
}

/** The line that ends before `next` holds nothing. */
export function pass(next: usize): void {
  line++;
  at = <u32>(next - block);
}

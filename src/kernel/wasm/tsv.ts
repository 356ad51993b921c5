import { areSame } from './bytes';
import {
  nextOf,
  putAbsent,
  putAddress,
  putBoolean,
  putNumber,
  putOddNumber,
  putSymbol,
  putText,
  typeOf,
} from './columns';
import {
  ADDRESS,
  at,
  BOOLEAN,
  block,
  CARRIAGE_RETURN,
  DIRECTIVE,
  END,
  FULL,
  keep,
  LINE_FEED,
  mostRows,
  NUMBER,
  pass,
  rows,
  STRANGER,
  SYMBOL,
  TEXT,
  UNSURE,
} from './state';
import { intern } from './symbols';
import { isSure, readEpoch, readNumber } from './values';

/** Separated values, one record a line. */

let separator: u32 = 9;
let columnCount: u32 = 0;
/** For each column of the log the first target that wants it; 0 where none does. */
let wanting: usize = 0;
let unset: usize = 0;
let unsetLength: usize = 0;

export function layOut(separatorByte: u32, columns: u32, wantingAt: usize, unsetAt: usize, unsetBytes: u32): void {
  separator = separatorByte;
  columnCount = columns;
  wanting = wantingAt;
  unset = unsetAt;
  unsetLength = unsetBytes;
}

const HASH: u32 = 35;
const BRACE: u32 = 123;

/** The block ends with a line feed, and sixteen bytes behind it may be read. */
export function decodeTsv(end: u32): u32 {
  while (at < end) {
    if (rows === mostRows) return FULL;
    const start = block + <usize>at;
    const first = <u32>load<u8>(start);
    if (first === LINE_FEED) {
      pass(start + 1);
      continue;
    }
    if (first === CARRIAGE_RETURN) return UNSURE;
    if (first === HASH) return DIRECTIVE;
    if (first === BRACE) return STRANGER;
    const next = decodeLine(start);
    if (next === NO_ROOM) return rows === 0 ? UNSURE : FULL;
    if (next === 0) return UNSURE;
    keep(start, next);
  }
  return END;
}

const NO_ROOM: usize = 1;

/** Where the next line begins; 0 where this one is for the slow path. */
function decodeLine(start: usize): usize {
  if (load<u8>(start) === 0) return 0;
  const separators = i8x16.splat(<i8>separator);
  const feeds = i8x16.splat(<i8>LINE_FEED);
  let field = start;
  let column: u32 = 0;
  let from = start;
  while (true) {
    const bytes = v128.load(from);
    let hits = <u32>i8x16.bitmask(v128.or(i8x16.eq(bytes, separators), i8x16.eq(bytes, feeds)));
    for (; hits !== 0; hits &= hits - 1) {
      const hit = from + <usize>ctz(hits);
      const isLast = load<u8>(hit) === LINE_FEED;
      let end = hit;
      if (isLast) {
        if (load<u8>(end - 1) === CARRIAGE_RETURN) end--;
        const before = <u32>load<u8>(end - 1);
        if (column + 1 !== columnCount || before === CARRIAGE_RETURN || before === 0) return 0;
      }
      if (column >= columnCount) return 0;
      for (let target = <usize>load<u32>(wanting + ((<usize>column) << 2)); target !== 0; target = nextOf(target)) {
        const problem = put(target, field, end);
        if (problem !== FINE) return problem === FULL ? NO_ROOM : 0;
      }
      if (isLast) return hit + 1;
      field = hit + 1;
      column++;
    }
    from += 16;
  }
}

const FINE: u32 = 99;

function put(target: usize, start: usize, end: usize): u32 {
  const length = end - start;
  if (length === unsetLength && isUnset(start)) {
    putAbsent(target, rows);
    return FINE;
  }
  switch (typeOf(target)) {
    case TEXT:
      putText(target, rows, <u32>(start - block), <u32>length);
      return FINE;
    case SYMBOL: {
      const symbol = intern(start, <u32>length);
      putSymbol(target, rows, symbol);
      return symbol === 0 ? FULL : FINE;
    }
    case NUMBER:
      putNumber(target, rows, length === 0 ? NaN : readNumber(start, end));
      if (length === 0 || isSure) return FINE;
      return putOddNumber(target, rows, <u32>(start - block), <u32>length) ? FINE : UNSURE;
    case ADDRESS:
      return putAddress(target, rows, start, end) ? FINE : FULL;
    case BOOLEAN:
      putBoolean(target, rows, length !== 1 ? 0 : load<u8>(start) === 84 ? 2 : load<u8>(start) === 70 ? 1 : 0);
      return FINE;
    default:
      putNumber(target, rows, readEpoch(start, end));
      return isSure ? FINE : UNSURE;
  }
}

function isUnset(start: usize): bool {
  if (unsetLength === 1) return load<u8>(start) === load<u8>(unset);
  return areSame(start, unset, <u32>unsetLength);
}

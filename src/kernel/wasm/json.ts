import { areSame } from './bytes';
import {
  putAbsent,
  putAddress,
  putBoolean,
  putNumber,
  putOddNumber,
  putSymbol,
  putText,
  targetAt,
  typeOf,
} from './columns';
import { followerOf, forgetSpellings, isSpelt, lengthOf, spellingOf, wantedBy } from './spelling';
import {
  ADDRESS,
  at,
  BACKSLASH,
  BOOLEAN,
  block,
  CARRIAGE_RETURN,
  COLON,
  DOT,
  END,
  FULL,
  keep,
  LINE_FEED,
  MINUS,
  mostRows,
  NUMBER,
  pass,
  QUOTE,
  rows,
  SYMBOL,
  TEXT,
  TIME,
  UNSURE,
} from './state';
import { intern } from './symbols';
import { hasBackslash, isDigit, isSure, readEpoch, readIso, readNumber } from './values';

/**
 * JSON, one object a line. Every byte is held against the grammar of RFC 8259, so that a line is taken only if
 * `JSON.parse` would take it; what is legal but rare (escapes in keys, keys that come twice, deep nesting, tabs between
 * tokens) is declined.
 */

const COMMA: u32 = 44;
const OPEN_BRACE: u32 = 123;
const CLOSE_BRACE: u32 = 125;
const OPEN_BRACKET: u32 = 91;
const CLOSE_BRACKET: u32 = 93;
const BLANK: u32 = 32;
/** How the three names begin: `true`, `false`, `null`. */
const TRUE: u32 = 116;
const FALSE: u32 = 102;
const NULL: u32 = 110;
/** Below it stand the control characters that no string may hold. */
const FIRST_PRINTABLE: u32 = 32;

const DEEPEST: u32 = 32;

/**
 * The wanted keys of each object, as a hash table: node → slots of keys, and the spelling that such an object began with
 * the last time. A key: where its bytes lie, how many they are, its first want, the node that its object is (0 where
 * nothing in it is wanted), and in which record it was last met. A want: the target, the rank of this spelling among those
 * of the target, and the next want of the same key.
 */
let nodes: usize = 0;
let ranks: usize = 0;
let targetCount: u32 = 0;
/** Numbers the records, so that a key that comes twice is noticed. */
let record: u32 = 0;

const NODE: usize = 12;
const NODE_BEGINS: usize = 8;
const KEY: usize = 20;
const NO_RANK: u8 = 255;

export function layOutKeys(nodesAt: usize, ranksAt: usize, targets: u32): void {
  nodes = nodesAt;
  ranks = ranksAt;
  targetCount = targets;
  record = 0;
  forgetSpellings();
}

/** As `keyHash` of the binding: the length, and the first and the last four bytes, or the only ones. */
function hashOfKey(start: usize, length: u32): u32 {
  let first: u32;
  let last: u32 = 0;
  if (length >= 4) {
    first = load<u32>(start);
    last = load<u32>(start + length - 4);
  } else first = length === 0 ? 0 : load<u32>(start) & (<u32>-1 >> ((4 - length) << 3));
  const hash = first * 0x9e3779b1 + last * 0x85ebca6b + length;
  return hash ^ (hash >> 15);
}

/** The wanted key of a node that has this name, or 0. */
function keyOf(node: u32, start: usize, length: u32): usize {
  const table = nodes + <usize>node * NODE;
  const keys = <usize>load<u32>(table);
  const mask = load<u32>(table, 4);
  let slot = hashOfKey(start, length) & mask;
  while (true) {
    const key = keys + <usize>slot * KEY;
    const name = <usize>load<u32>(key);
    if (name === 0) return 0;
    if (load<u32>(key, 4) === length && areSame(name, start, length)) return key;
    slot = (slot + 1) & mask;
  }
}

/** The block ends with a line feed, and 32 bytes behind it may be read. */
export function decodeJson(end: u32): u32 {
  while (at < end) {
    if (rows === mostRows) return FULL;
    const start = block + <usize>at;
    const first = <u32>load<u8>(start);
    if (first === LINE_FEED) {
      pass(start + 1);
      continue;
    }
    if (first !== OPEN_BRACE) return UNSURE;
    record++;
    memory.fill(ranks, NO_RANK, targetCount);
    outcome = UNSURE;
    let next = readObject(start, 1, 0);
    if (next === 0) return outcome === FULL && rows > 0 ? FULL : UNSURE;
    while (load<u8>(next) === BLANK) next++;
    if (load<u8>(next) === CARRIAGE_RETURN) next++;
    if (load<u8>(next) !== LINE_FEED) return UNSURE;
    keep(start, next + 1);
  }
  return END;
}

/** Why a reader gave up: the line is for the slow path, or there is no room for its symbols in this batch. */
let outcome: u32 = UNSURE;

/** Node 0 is of objects in which nothing is wanted. All readers return where the value ends, or 0 to give up. */
function readObject(start: usize, node: u32, depth: u32): usize {
  if (depth > DEEPEST) return 0;
  let from = afterBlanks(start + 1);
  if (load<u8>(from) === CLOSE_BRACE) return from + 1;
  // Where it stands which key is to be expected.
  let link: usize = node === 0 ? 0 : nodes + <usize>node * NODE + NODE_BEGINS;
  while (true) {
    if (load<u8>(from) !== QUOTE) return 0;
    const name = from + 1;
    let key: usize = 0;
    let spelling: usize = link === 0 ? 0 : <usize>load<u32>(link);
    if (spelling !== 0 && isSpelt(spelling, name, node)) {
      key = wantedBy(spelling);
      from = name + lengthOf(spelling);
    } else {
      const nameEnd = endOfPlainString(name);
      if (nameEnd === 0) return 0;
      from = afterBlanks(nameEnd + 1);
      if (load<u8>(from) !== COLON) return 0;
      from++;
      if (node !== 0) {
        key = keyOf(node, name, <u32>(nameEnd - name));
        spelling = spellingOf(name, <u32>(from - name), node, key);
        if (link !== 0) store<u32>(link, <u32>spelling);
      }
    }
    link = spelling === 0 ? 0 : followerOf(spelling);
    from = afterBlanks(from);
    from = key === 0 ? readValue(from, 0, depth) : readWanted(from, key, depth);
    if (from === 0) return 0;
    from = afterBlanks(from);
    const byte = <u32>load<u8>(from);
    if (byte === CLOSE_BRACE) return from + 1;
    if (byte !== COMMA) return 0;
    from = afterBlanks(from + 1);
  }
}

/** The names of an array's elements are their places: `dns.queries.0.rrname`. */
function readArray(start: usize, node: u32, depth: u32): usize {
  if (depth > DEEPEST) return 0;
  let from = afterBlanks(start + 1);
  if (load<u8>(from) === CLOSE_BRACKET) return from + 1;
  let index: u32 = 0;
  while (true) {
    let key: usize = 0;
    if (node !== 0 && index < 10) {
      store<u8>(digit, <u8>(48 + index));
      key = keyOf(node, digit, 1);
    }
    from = key === 0 ? readValue(from, 0, depth) : readWanted(from, key, depth);
    if (from === 0) return 0;
    from = afterBlanks(from);
    const byte = <u32>load<u8>(from);
    if (byte === CLOSE_BRACKET) return from + 1;
    if (byte !== COMMA) return 0;
    from = afterBlanks(from + 1);
    index++;
  }
}

/** A byte to write an array's index into; the first bytes of the memory are nobody else's. */
const digit: usize = 8;

/** A value that nobody wants, or of which only parts are wanted. */
function readValue(start: usize, node: u32, depth: u32): usize {
  const byte = <u32>load<u8>(start);
  if (byte === QUOTE) {
    const end = endOfString(start + 1);
    return end === 0 ? 0 : end + 1;
  }
  if (byte === OPEN_BRACE) return readObject(start, node, depth + 1);
  if (byte === OPEN_BRACKET) return readArray(start, node, depth + 1);
  if (byte === TRUE) return load<u32>(start) === 0x65757274 ? start + 4 : 0;
  if (byte === FALSE) return load<u32>(start + 1) === 0x65736c61 ? start + 5 : 0;
  if (byte === NULL) return load<u32>(start) === 0x6c6c756e ? start + 4 : 0;
  return endOfNumber(start);
}

function readWanted(start: usize, key: usize, depth: u32): usize {
  // Of a key that comes twice the last one counts.
  if (load<u32>(key, 16) === record) return 0;
  store<u32>(key, record, 16);
  const end = readValue(start, load<u32>(key, 12), depth);
  const first = <u32>load<u8>(start);
  if (end === 0 || first === NULL) return end;
  for (let want = <usize>load<u32>(key, 8); want !== 0; want = <usize>load<u32>(want, 8)) {
    const index = load<u32>(want);
    const target = targetAt(index);
    const rank = <u8>load<u32>(want, 4);
    const before = load<u8>(ranks + <usize>index);
    if (before <= rank) continue;
    // A spelling that counts less has come before; its number may be on the list of the odd ones.
    if (before !== NO_RANK && typeOf(target) === NUMBER) return 0;
    store<u8>(ranks + <usize>index, rank);
    if (!put(target, start, end, first)) return 0;
  }
  return end;
}

function put(target: usize, start: usize, end: usize, first: u32): bool {
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    putAbsent(target, rows);
    return true;
  }
  const isString = first === QUOTE;
  const type = typeOf(target);
  switch (type) {
    case TEXT:
      putText(target, rows, <u32>(start - block), <u32>(end - start));
      return true;
    case SYMBOL: {
      const symbol = intern(start, <u32>(end - start));
      if (symbol === 0) return hasNoRoom();
      putSymbol(target, rows, symbol);
      return true;
    }
    case BOOLEAN:
      return putTruth(target, start, end, first);
    case ADDRESS:
      if (!isString) {
        putAbsent(target, rows);
        return true;
      }
      if (hasBackslash(start + 1, end - 1)) return false;
      return putAddress(target, rows, start + 1, end - 1) || hasNoRoom();
  }
  if (!isString && first !== MINUS && !isDigit(start)) {
    putAbsent(target, rows);
    return true;
  }
  const from = isString ? start + 1 : start;
  const to = isString ? end - 1 : end;
  if (type === TIME) {
    const isIso = isString && to - from > 4 && load<u8>(from + 4) === MINUS;
    putNumber(target, rows, isIso ? readIso(from, to) : readEpoch(from, to));
    return isSure;
  }
  putNumber(target, rows, readNumber(from, to));
  return isSure || (!hasBackslash(from, to) && putOddNumber(target, rows, <u32>(from - block), <u32>(to - from)));
}

function hasNoRoom(): bool {
  outcome = FULL;
  return false;
}

/** `true`, or as a string what shippers make of it; any other string is for the slow path. */
function putTruth(target: usize, start: usize, end: usize, first: u32): bool {
  if (first === TRUE) putBoolean(target, rows, 2);
  else if (first === FALSE) putBoolean(target, rows, 1);
  else if (first !== QUOTE) putBoolean(target, rows, 0);
  else {
    const initial = <u32>load<u8>(start + 1) | 32;
    const length = end - start - 2;
    if (length === 4 && initial === TRUE && load<u16>(start + 2) === 0x7572 && load<u8>(start + 4) === 101)
      putBoolean(target, rows, 2);
    else if (length === 5 && initial === FALSE && load<u32>(start + 2) === 0x65736c61) putBoolean(target, rows, 1);
    else return false;
  }
  return true;
}

function afterBlanks(start: usize): usize {
  let from = start;
  while (load<u8>(from) === BLANK) from++;
  return from;
}

/** Where the closing quote stands; 0 where the string has an escape or an unescaped control character, as a line feed is. */
function endOfPlainString(start: usize): usize {
  const end = endOfRun(start);
  return load<u8>(end) === QUOTE ? end : 0;
}

/** The same for any string that JSON allows. */
function endOfString(start: usize): usize {
  let from = start;
  while (true) {
    from = endOfRun(from);
    const byte = <u32>load<u8>(from);
    if (byte === QUOTE) return from;
    if (byte !== BACKSLASH) return 0;
    const length = escapeAt(from + 1);
    if (length === 0) return 0;
    from += 1 + length;
  }
}

/** The first byte that is a quote, a backslash or a control character: sixteen at a time. */
function endOfRun(start: usize): usize {
  const quotes = i8x16.splat(<i8>QUOTE);
  const backslashes = i8x16.splat(<i8>BACKSLASH);
  const printable = i8x16.splat(<i8>FIRST_PRINTABLE);
  let from = start;
  while (true) {
    const bytes = v128.load(from);
    const special = v128.or(
      v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)),
      i8x16.lt_u(bytes, printable),
    );
    const hits = i8x16.bitmask(special);
    if (hits !== 0) return from + <usize>ctz(hits);
    from += 16;
  }
}

/** How many bytes after the backslash belong to the escape; 0 where it is none. */
function escapeAt(start: usize): usize {
  const byte = <u32>load<u8>(start);
  if (byte === 117) {
    for (let i: usize = 1; i <= 4; i++) if (!isHex(<u32>load<u8>(start + i))) return 0;
    return 5;
  }
  const isEscape =
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte === 47 ||
    byte === 98 ||
    byte === 102 ||
    byte === 110 ||
    byte === 114 ||
    byte === 116;
  return isEscape ? 1 : 0;
}

function isHex(byte: u32): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 6;
}

/** RFC 8259 section 6: no leading zeros, no bare dot, no plus before. */
function endOfNumber(start: usize): usize {
  let from = start;
  if (load<u8>(from) === MINUS) from++;
  if (!isDigit(from)) return 0;
  if (load<u8>(from) === 48) from++;
  else from = afterDigits(from);
  if (load<u8>(from) === DOT) {
    if (!isDigit(from + 1)) return 0;
    from = afterDigits(from + 1);
  }
  if ((<u32>load<u8>(from) | 32) === 101) {
    from++;
    if (load<u8>(from) === MINUS || load<u8>(from) === 43) from++;
    if (!isDigit(from)) return 0;
    from = afterDigits(from);
  }
  return from;
}

function afterDigits(start: usize): usize {
  let from = start;
  while (true) {
    const others = i8x16.bitmask(i8x16.ge_u(i8x16.sub(v128.load(from), i8x16.splat(48)), i8x16.splat(10)));
    if (others !== 0) return from + <usize>ctz(others);
    from += 16;
  }
}

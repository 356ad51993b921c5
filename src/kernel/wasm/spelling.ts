import { bytesAt, first } from './bytes';

/**
 * Keys of JSON as they are written, with the quote and the colon behind. The records of a log have the same keys in the
 * same order, or nearly so: which key comes is known by the one before, and only has to be held against it.
 *
 * A spelling has one place, and a later one may take it over: its bytes, a mask of how many they are, the node whose
 * objects have it, the wanted key that it is, its length, and the spelling that came behind it the last time.
 */
const SPELLING: usize = 80;
const MASK: usize = 32;
const NODE: usize = 64;
const KEY: usize = 68;
const LENGTH: usize = 72;
const FOLLOWER: usize = 76;

const LONGEST: u32 = 32;

let spellings: usize = 0;
let count: u32 = 0;

/** The number of spellings is a power of two. */
export function placeSpellings(at: usize, spellingCount: u32): void {
  spellings = at;
  count = spellingCount;
}

export function forgetSpellings(): void {
  memory.fill(spellings, 0, <usize>count * SPELLING);
}

/** The spelling of a key that somebody has found; 0 where it is too long. */
export function spellingOf(start: usize, length: u32, node: u32, key: usize): usize {
  if (length > LONGEST) return 0;
  const lowLength: u32 = length < 16 ? length : 16;
  const low = bytesAt(start, lowLength);
  const high = bytesAt(start + 16, length - lowLength);
  const one = <u64>i64x2.extract_lane(low, 0);
  const other = <u64>i64x2.extract_lane(low, 1) ^ <u64>i64x2.extract_lane(high, 0);
  const hash = (one * 0xa0761d6478bd642f + other * 0xe7037ed1a0b428db + <u64>node * 0x9e3779b97f4a7c15) >> 40;
  const spelling = spellings + <usize>(<u32>hash & (count - 1)) * SPELLING;
  v128.store(spelling, low);
  v128.store(spelling, high, 16);
  v128.store(spelling, first(lowLength), MASK);
  v128.store(spelling, first(length - lowLength), MASK + 16);
  store<u32>(spelling, node, NODE);
  store<u32>(spelling, <u32>key, KEY);
  store<u32>(spelling, length, LENGTH);
  return spelling;
}

/** Whether these bytes, of an object of that node, are as it is spelt. */
export function isSpelt(spelling: usize, start: usize, node: u32): bool {
  if (load<u32>(spelling, NODE) !== node) return false;
  const low = v128.and(v128.load(start), v128.load(spelling, MASK));
  if (v128.any_true(v128.xor(low, v128.load(spelling)))) return false;
  if (load<u32>(spelling, LENGTH) <= 16) return true;
  const high = v128.and(v128.load(start, 16), v128.load(spelling, MASK + 16));
  return !v128.any_true(v128.xor(high, v128.load(spelling, 16)));
}

/** The wanted key that it is, or 0. */
export function wantedBy(spelling: usize): usize {
  return <usize>load<u32>(spelling, KEY);
}

/** With the quote and the colon. */
export function lengthOf(spelling: usize): usize {
  return <usize>load<u32>(spelling, LENGTH);
}

/** Where it stands which spelling comes behind. */
export function followerOf(spelling: usize): usize {
  return spelling + FOLLOWER;
}

import { bytesAt } from './bytes';

/**
 * Tables of what short texts stand for that came lately, each in the one place that it can have. An entry has the text, up
 * to sixteen bytes, what it stands for, and how long it is.
 */

export const LONGEST: u32 = 16;
export const ENTRY: usize = 32;

/** Where in an entry stands what the text stands for: eight bytes. */
export const VALUE: usize = 16;
const LENGTH: usize = 24;

/** Whether the entry that was last asked for had the text already. */
export let isKnown: bool = false;

/**
 * The entry of a text, in a table whose number of entries is a power of two, less one. Where it had another text this one
 * takes it over, and whoever asks must write what it stands for.
 */
export function entryOf(table: usize, mask: u32, start: usize, length: u32): usize {
  const text = bytesAt(start, length);
  const low = <u64>i64x2.extract_lane(text, 0);
  const high = <u64>i64x2.extract_lane(text, 1);
  const hash = <u32>((low * 0xa0761d6478bd642f + high * 0xe7037ed1a0b428db) >> 40);
  const entry = table + <usize>(hash & mask) * ENTRY;
  isKnown = load<u32>(entry, LENGTH) === length && !v128.any_true(v128.xor(v128.load(entry), text));
  if (!isKnown) {
    v128.store(entry, text);
    store<u32>(entry, length, LENGTH);
  }
  return entry;
}

import { areSame, hashOf } from './bytes';
import { ENTRY, entryOf, isKnown, LONGEST, VALUE } from './lately';

/** Every distinct text of a run of blocks as a small number from 1 on, by its bytes as they stand in the log. */

/** Open addressing: the number of a text, or 0. */
let slots: usize = 0;
let mask: u32 = 0;
/** For each text where it lies in the pool, its length, and its hash. */
let places: usize = 0;
let most: u32 = 0;
let pool: usize = 0;
let poolSize: u32 = 0;
/** How many bytes all texts have together. */
export let poolUsed: u32 = 0;

const PLACE: usize = 16;

/** The numbers of short texts that came lately: nearly all are found here, at a third of the price. */
let recent: usize = 0;
let recentMask: u32 = 0;

/** The number of entries is a power of two. */
export function placeRecent(at: usize, entries: u32): void {
  recent = at;
  recentMask = entries - 1;
}

/** How many texts there are. */
export let known: u32 = 0;

export function placeSymbols(
  slotsAt: usize,
  slotCount: u32,
  placesAt: usize,
  placeCount: u32,
  poolAt: usize,
  poolBytes: u32,
): void {
  slots = slotsAt;
  mask = slotCount - 1;
  places = placesAt;
  most = placeCount;
  pool = poolAt;
  poolSize = poolBytes;
  forget();
}

/** Begins anew: numbers that were given before mean nothing any more. */
export function forget(): void {
  memory.fill(slots, 0, (<usize>mask + 1) << 2);
  memory.fill(recent, 0, (<usize>recentMask + 1) * ENTRY);
  known = 0;
  poolUsed = 0;
}

/** The number of a text, or 0 where there is no room for another one. */
export function intern(start: usize, length: u32): u32 {
  if (length > LONGEST) return find(start, length);
  const entry = entryOf(recent, recentMask, start, length);
  if (isKnown && load<u32>(entry, VALUE) !== 0) return load<u32>(entry, VALUE);
  const symbol = find(start, length);
  store<u32>(entry, symbol, VALUE);
  return symbol;
}

function find(start: usize, length: u32): u32 {
  const hash = hashOf(start, length);
  let slot = hash & mask;
  while (true) {
    const symbol = load<u32>(slots + ((<usize>slot) << 2));
    if (symbol === 0) break;
    const entry = places + <usize>(symbol - 1) * PLACE;
    if (
      load<u32>(entry, 8) === hash &&
      load<u32>(entry, 4) === length &&
      areSame(pool + <usize>load<u32>(entry), start, length)
    )
      return symbol;
    slot = (slot + 1) & mask;
  }
  if (known === most || length > poolSize - poolUsed) return 0;
  const entry = places + <usize>known * PLACE;
  store<u32>(entry, poolUsed);
  store<u32>(entry, length, 4);
  store<u32>(entry, hash, 8);
  memory.copy(pool + <usize>poolUsed, start, length);
  poolUsed += length;
  known++;
  store<u32>(slots + ((<usize>slot) << 2), known);
  return known;
}

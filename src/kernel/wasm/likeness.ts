/**
 * Rows that are like one before are counted here, without anybody looking at them. What a row is like is its imprint: words
 * of its columns, and bits. An imprint has one of two places, and a later one may take it over: so nothing grows, and
 * nothing is searched for. What was counted for one that has to go is put aside.
 *
 * An entry is two lines of the processor's cache: whose it is, how many rows were like it since it was last asked, when the
 * first and the last of them were, how many bytes they had, the marks of all of them in one; its imprint; which of all imprints it is;
 * and numbers that are the binding's own, which tell what such a row teaches.
 */
const ENTRY: usize = 128;
const OWNER: usize = 0;
const COUNT: usize = 4;
const FIRST: usize = 8;
const LAST: usize = 16;
const BYTES: usize = 24;
const MARK: usize = 32;
const IMPRINT: usize = 40;
const IMPRINT_BYTES: usize = 64;
const SERIAL: usize = 104;

/** The numbers are those of `KIND` in `fast/sieve.ts`. */
const WORD: u32 = 0;
const NAME: u32 = 1;
const ADDRESS: u32 = 2;
const BOOLEAN: u32 = 3;
const NUMBER: u32 = 4;
const CONSTANT: u32 = 5;

const NO_ID: u32 = 0xffffffff;
const IPV6_BASE: f64 = 4294967296;
const DAY: f64 = 86_400_000_000;

let entries: usize = 0;
let mask: u32 = 0;
/** The rows that are asked for together: their imprints, and the first of two entries that each may have, or 0. */
let asked: usize = 0;
/** Entries that had to go. */
let aside: usize = 0;
let mostAside: u32 = 0;
/** How many entries have been put aside. */
export let putAside: u32 = 0;

/** The memory must hold nothing but zeros; the number of entries is a power of two. */
export function placeLikenesses(at: usize, count: u32, askedAt: usize, asideAt: usize, asideCount: u32): void {
  entries = at;
  mask = count - 2;
  asked = askedAt;
  aside = asideAt;
  mostAside = asideCount;
}

/** What was put aside has been taken. */
export function takeAside(): void {
  putAside = 0;
}

let parts: usize = 0;
let partCount: u32 = 0;
/** Tells apart who asks: the same imprint of two logs is not the same. */
let asker: u32 = 0;
let owner: u32 = 0;
let times: usize = 0;
/** How many bytes each row had; 0 where there are none to count. */
let sizes: usize = 0;
/** The port that tells each row from others of the same ends; 0 where rows have no marks. */
let ports: usize = 0;

/** Each part is two words: its kind, and where its column lies; of a constant what it is. The last kind is a sign. */
export function layOutImprint(partsAt: usize, count: u32, timesAt: usize, sizesAt: usize, portsAt: usize): void {
  parts = partsAt;
  ports = portsAt;
  partCount = count;
  times = timesAt;
  sizes = sizesAt;
  memory.fill(asked, 0, <usize>TOGETHER * ASKED);
}

/** When the first and the last of the rows were that were asked for. */
export let earliest: f64 = Infinity;
export let latest: f64 = -Infinity;

/**
 * Counts the rows that are like one before, and lists the others: where each stands among the rows; its entry, or 0 where
 * it cannot have one; and the entry's serial number, which is another one where the entry has been taken over since.
 */
export function sift(rows: usize, count: u32, left: usize, askerNow: u32, ownerNow: u32): u32 {
  asker = askerNow;
  owner = ownerNow;
  earliest = Infinity;
  latest = -Infinity;
  let next = left;
  for (let from: u32 = 0; from < count; from += TOGETHER) {
    const to = from + TOGETHER < count ? from + TOGETHER : count;
    ask(rows, from, to);
    for (let index = from; index < to; index++) {
      const row = <usize>load<u32>(rows + ((<usize>index) << 2));
      const time = load<f64>(times + (row << 3));
      if (time < earliest) earliest = time;
      if (time > latest) latest = time;
      const entry = entryOf(asked + <usize>(index - from) * ASKED);
      if (entry !== 0 && isCounted(entry, row, time)) continue;
      store<u32>(next, index);
      store<u32>(next, <u32>entry, 4);
      if (entry !== 0) store<u32>(next, load<u32>(entry, SERIAL), 8);
      next += 12;
    }
  }
  return <u32>(next - left) / 12;
}

/** So many, so that the memory is asked for many entries at a time, and not for one after another. */
const TOGETHER: u32 = 64;
const ASKED: usize = 80;

/** Never read: so that the compiler cannot leave out what is only touched. */
export let touched: u32 = 0;

function ask(rows: usize, from: u32, to: u32): void {
  let place = asked;
  for (let index = from; index < to; index++) {
    const row = <usize>load<u32>(rows + ((<usize>index) << 2));
    const hasImprint = writeImprint(row, place);
    store<u32>(place, hasImprint ? <u32>entries + (hashOf(place) & mask) * <u32>ENTRY : 0, IMPRINT_BYTES);
    place += ASKED;
  }
  let sum: u32 = 0;
  for (let at = asked; at < place; at += ASKED) {
    const entry = <usize>load<u32>(at, IMPRINT_BYTES);
    sum += load<u32>(entry) + load<u32>(entry, 64) + load<u32>(entry, 128) + load<u32>(entry, 192);
  }
  touched = sum;
}

/** Who was first, and what was on another day, the binding has to write down. */
function isCounted(entry: usize, row: usize, time: f64): bool {
  const first = load<f64>(entry, FIRST);
  if (load<u32>(entry, OWNER) !== owner || time < first || time >= (floor(first / DAY) + 1) * DAY) return false;
  store<u32>(entry, load<u32>(entry, COUNT) + 1, COUNT);
  if (time > load<f64>(entry, LAST)) store<f64>(entry, time, LAST);
  if (sizes !== 0) store<f64>(entry, load<f64>(entry, BYTES) + load<f64>(sizes + (row << 3)), BYTES);
  if (ports !== 0) store<u32>(entry, load<u32>(entry, MARK) ^ markOf(time, load<f64>(ports + (row << 3))), MARK);
  return true;
}

/** As `flowMark` of `value/mark.ts`. */
function markOf(time: f64, port: f64): u32 {
  const number = port >= 0 && port <= 0xffff ? <u32>port : 0;
  let mark = (<u32>floor(time / 1_000_000) * 0x9e3779b1) ^ (number * 0x85ebca6b);
  mark = (mark ^ (mark >> 15)) * 0x2c1b3c6d;
  return mark ^ (mark >> 13);
}

/** Never nothing but zeros, as an empty entry is: nobody who asks is 0. */
function writeImprint(row: usize, place: usize): bool {
  let to = place;
  let flags: u32 = 0;
  let bit: u32 = 0;
  store<u32>(to, asker);
  to += 4;
  const end = parts + ((<usize>partCount) << 3);
  for (let part = parts; part < end; part += 8) {
    const column = <usize>load<u32>(part, 4);
    switch (load<u32>(part)) {
      case WORD:
        store<u32>(to, load<u32>(column + (row << 2)));
        to += 4;
        break;
      case NAME: {
        const name = load<u32>(column + (row << 2));
        if (name === NO_ID) return false;
        store<u32>(to, name);
        to += 4;
        break;
      }
      case ADDRESS: {
        const address = load<f64>(column + (row << 3));
        const isNamed = address >= IPV6_BASE;
        store<u32>(to, <u32>(isNamed ? address - IPV6_BASE : address));
        flags |= (isNamed ? 2 : isNaN(address) ? 0 : 1) << bit;
        bit += 2;
        to += 4;
        break;
      }
      case BOOLEAN:
        flags |= (<u32>load<u8>(column + row)) << bit;
        bit += 2;
        break;
      case NUMBER: {
        const number = load<f64>(column + (row << 3));
        const word = <u32>number;
        if (!isNaN(number) && <f64>word !== number) return false;
        store<u32>(to, word);
        flags |= (isNaN(number) ? 0 : 1) << bit;
        bit += 2;
        to += 4;
        break;
      }
      case CONSTANT:
        store<u32>(to, <u32>column);
        to += 4;
        break;
      default: {
        const number = load<f64>(column + (row << 3));
        flags |= (number > 0 ? 1 : number <= 0 ? 2 : 0) << bit;
        bit += 2;
      }
    }
  }
  store<u32>(to, flags);
  return true;
}

/**
 * Which of two entries the next one takes over, where rows like neither have been counted more often since it was last
 * told, which makes them start from 0 again.
 */
let turn: usize = 0;
let serial: u32 = 0;

/** The entry of an imprint that is asked for; where it had none, one that has no owner yet; 0 where it cannot have one. */
function entryOf(place: usize): usize {
  const one = <usize>load<u32>(place, IMPRINT_BYTES);
  if (one === 0 || isAt(one, place)) return one;
  if (isAt(one + ENTRY, place)) return one + ENTRY;
  const ones = load<u32>(one, COUNT);
  const others = load<u32>(one + ENTRY, COUNT);
  if (ones === others) turn ^= ENTRY;
  const entry = one + (ones === others ? turn : ones < others ? 0 : ENTRY);
  if (load<u32>(entry, COUNT) !== 0) setAside(entry);
  memory.copy(entry + IMPRINT, place, IMPRINT_BYTES);
  store<u32>(entry, 0, OWNER);
  store<u32>(entry, ++serial, SERIAL);
  return entry;
}

function hashOf(place: usize): u32 {
  let hash: u64 = 0;
  for (let word: usize = 0; word < IMPRINT_BYTES; word += 8)
    hash = (hash ^ load<u64>(place + word)) * 0x9e3779b97f4a7c15;
  return <u32>(hash >> 40);
}

function isAt(entry: usize, place: usize): bool {
  for (let word: usize = 0; word < IMPRINT_BYTES; word += 16)
    if (v128.any_true(v128.xor(v128.load(entry + IMPRINT + word), v128.load(place + word)))) return false;
  return true;
}

function setAside(entry: usize): void {
  memory.copy(aside + <usize>putAside * ENTRY, entry, ENTRY);
  putAside++;
  store<u32>(entry, 0, COUNT);
  store<f64>(entry, 0, BYTES);
  store<u32>(entry, 0, MARK);
}

/** Puts aside what has been counted for an owner, from an entry on; the entry to go on from when there is room again, or the end. */
export function settle(ownerNow: u32, from: u32): u32 {
  let index = from;
  for (; index < mask + 2 && putAside < mostAside; index++) {
    const entry = entries + <usize>index * ENTRY;
    if (load<u32>(entry, COUNT) !== 0 && load<u32>(entry, OWNER) === ownerNow) setAside(entry);
  }
  return index;
}

import type { Micros } from '../value/time.ts';
import { type Days, joinedDays, ONE_DAY } from './days.ts';
import { leastMissed } from './forgetting.ts';
import {
  BYTES,
  COUNT,
  DAYS,
  DOUBLES,
  FIRST,
  KEY_WORDS,
  LAST,
  MARKS,
  NO_PEER,
  PackedRows,
  sortOf,
  WORDS,
} from './packed-rows.ts';
import { isEarlier, type Keys, type Row, type RowKey, type RowReference } from './row.ts';

/**
 * Rows by key, in typed arrays with open addressing: a million rows are 80 MB where objects in a Map would be 440 MB.
 * Noting and merging are commutative and associative: first is the least, last the greatest, days are joined, counts add,
 * marks cancel out where they come twice.
 */
export interface Rows extends Iterable<Row> {
  readonly size: number;
  /** One sighting at one moment, and the row that it made or added to. */
  note(key: RowKey, time: Micros, bytes: number, marks: number, reference: RowReference): number;
  /** The same by a key among others. */
  noteLike(keys: Keys, index: number, time: Micros, bytes: number, marks: number, reference: RowReference): number;
  /** The same for a row that is known. */
  again(row: number, time: Micros, bytes: number, marks: number, reference: RowReference): void;
  /** Many sightings of such a row, the last of them on a day with all others, and none before the row's first. */
  several(row: number, last: Micros, sightings: number, bytes: number, marks: number): void;
  /** All sightings of other rows; symbols and segments must be the same. */
  merge(other: PackedRows): void;
  /** Leaves out the rows that are marked with a 1. */
  leaveOut(isLeftOut: Uint8Array): void;
  at(index: number): Row;
  /** The rows themselves, which may be taken away once nothing more is noted. */
  readonly packed: PackedRows;
}

/** How much of all rows is forgotten when there is no room: to look for what can go takes long. */
const FORGOTTEN_AT_ONCE = 1 / 8;

/** `most`: how many rows there may be; `leave`: hears it before rows are forgotten, whereupon the others have other places. */
export function createRows(most = Number.POSITIVE_INFINITY, leave = (): void => {}): Rows {
  const packed = new PackedRows();
  let slots = new Int32Array(packed.capacity * 2).fill(-1);

  const isFull = (): boolean => packed.size === packed.capacity || packed.size >= most;

  /** For one row more. */
  const makeRoom = (): void => {
    if (packed.size >= most) {
      leave();
      packed.forget(leastMissed(packed, Math.max(1, Math.floor(most * FORGOTTEN_AT_ONCE))));
    } else packed.grow();
    arrange();
  };

  const arrange = (): void => {
    slots = new Int32Array(packed.capacity * 2).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < packed.size; index++) {
      let slot = hashAt(packed.words, index * WORDS) & mask;
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
  };

  /** The row of a key; a new one has a count of 0. */
  const rowOf = (key: RowKey): number => {
    const sort = sortOf(key);
    const mask = slots.length - 1;
    let slot = hashOf(key, sort) & mask;
    for (;;) {
      const index = slots[slot] ?? -1;
      if (index < 0) break;
      if (isKeyAt(packed.words, index, key, sort)) return index;
      slot = (slot + 1) & mask;
    }
    if (isFull()) {
      makeRoom();
      return rowOf(key);
    }
    slots[slot] = packed.size;
    packed.putKey(packed.size, key);
    return packed.size++;
  };

  /** The same for a key that stands among other words, from one of them on. */
  const rowLike = (words: Uint32Array, from: number): number => {
    const mask = slots.length - 1;
    let slot = hashAt(words, from) & mask;
    for (;;) {
      const index = slots[slot] ?? -1;
      if (index < 0) break;
      if (areKeysSame(packed.words, index * WORDS, words, from)) return index;
      slot = (slot + 1) & mask;
    }
    if (isFull()) {
      makeRoom();
      return rowLike(words, from);
    }
    slots[slot] = packed.size;
    packed.copyKey(packed.size, words, from);
    return packed.size++;
  };

  return {
    packed,
    get size() {
      return packed.size;
    },
    note(key, time, bytes, marks, reference) {
      const row = rowOf(key);
      add(packed, row, time, bytes, marks, reference);
      return row;
    },
    noteLike(keys, index, time, bytes, marks, reference) {
      const row = rowLike(keys, index * KEY_WORDS);
      add(packed, row, time, bytes, marks, reference);
      return row;
    },
    again: (row, time, bytes, marks, reference) => add(packed, row, time, bytes, marks, reference),
    several(row, last, sightings, bytes, marks) {
      count(packed, row, last, last, sightings, bytes, marks, ONE_DAY);
    },
    merge(others) {
      for (let other = 0; other < others.size; other++) {
        join(packed, rowLike(others.words, other * WORDS), others, other);
      }
      for (const [entity, count] of others.forgotten) packed.noteForgotten(entity, count);
    },
    leaveOut(isLeftOut) {
      packed.leaveOut(isLeftOut);
      arrange();
    },
    at: index => packed.at(index),
    [Symbol.iterator]: () => packed[Symbol.iterator](),
  };
}

const isKeyAt = (words: Uint32Array, index: number, key: RowKey, sort: number): boolean => {
  const word = index * WORDS;
  return (
    words[word] === key.entity >>> 0 &&
    words[word + 1] === key.peer >>> 0 &&
    words[word + 2] === key.port >>> 0 &&
    words[word + 3] === sort &&
    words[word + 4] === key.transport &&
    words[word + 5] === key.name
  );
};

function areKeysSame(words: Uint32Array, from: number, others: Uint32Array, othersFrom: number): boolean {
  for (let word = 0; word < KEY_WORDS; word++) if (words[from + word] !== others[othersFrom + word]) return false;
  return true;
}

const hashOf = ({ entity, peer, port, transport, name }: RowKey, sort: number): number =>
  hashOfWords(entity | 0, peer | 0, port, sort, transport, name);

/** The same of a key that stands among words. */
function hashAt(words: Uint32Array, word: number): number {
  return hashOfWords(
    words[word] ?? 0,
    words[word + 1] ?? 0,
    words[word + 2] ?? 0,
    words[word + 3] ?? 0,
    words[word + 4] ?? 0,
    words[word + 5] ?? 0,
  );
}

/**
 * What a host does with one port of one peer has one hash, whichever trait shows it: it stands together in the table, and
 * is looked up together. Without a peer the trait and the name tell rows apart.
 */
function hashOfWords(
  entity: number,
  peer: number,
  port: number,
  sort: number,
  transport: number,
  name: number,
): number {
  const trait = sort & NO_PEER ? Math.imul(sort, 0x27d4eb2f) + Math.imul(name, 0x165667b1) : 0;
  const ends = Math.imul(entity, 0x9e3779b1) ^ Math.imul(peer, 0x85ebca6b);
  const spread = Math.imul(ends ^ (ends >>> 15), 0x2c1b3c6d);
  const all = spread + Math.imul(port, 0xc2b2ae35) + Math.imul(transport, 0x61c88647) + trait;
  const hash = Math.imul(all ^ (all >>> 16), 0x7feb352d);
  return hash ^ (hash >>> 15);
}

/** One sighting of a row. */
function add(
  packed: PackedRows,
  index: number,
  time: Micros,
  bytes: number,
  marks: number,
  reference: RowReference,
): void {
  const earlier = count(packed, index, time, time, 1, bytes, marks, ONE_DAY);
  if (earlier > 0 || (earlier === 0 && isEarlier(reference, packed.referenceAt(index))))
    packed.putReference(index, reference);
}

/** All sightings of a row that stands among others. */
function join(packed: PackedRows, index: number, others: PackedRows, other: number): void {
  const { words, doubles } = others;
  const double = other * DOUBLES;
  const earlier = count(
    packed,
    index,
    doubles[double + FIRST] ?? 0,
    doubles[double + LAST] ?? 0,
    doubles[double + COUNT] ?? 0,
    doubles[double + BYTES] ?? 0,
    words[other * WORDS + MARKS] ?? 0,
    words[other * WORDS + DAYS] ?? 0,
  );
  if (earlier > 0 || (earlier === 0 && isEarlier(others.referenceAt(other), packed.referenceAt(index))))
    packed.copyReference(index, others, other);
}

/**
 * Adds sightings to a row, and says by how much they begin before all that it had. Numbers by themselves, not as an object:
 * this is called for every line of every log, several times.
 */
function count(
  packed: PackedRows,
  index: number,
  from: Micros,
  to: Micros,
  sightings: number,
  bytes: number,
  marks: number,
  days: Days,
): Micros {
  const { words, doubles } = packed;
  const double = index * DOUBLES;
  const first = doubles[double + FIRST] ?? 0;
  const last = doubles[double + LAST] ?? 0;
  const word = index * WORDS + DAYS;
  words[word] = joinedDays(words[word] ?? 0, last, days, to);
  words[index * WORDS + MARKS] = (words[index * WORDS + MARKS] ?? 0) ^ marks;
  if (to > last) doubles[double + LAST] = to;
  if (from < first) doubles[double + FIRST] = from;
  doubles[double + COUNT] = (doubles[double + COUNT] ?? 0) + sightings;
  doubles[double + BYTES] = (doubles[double + BYTES] ?? 0) + bytes;
  return first - from;
}

import type { Micros } from '../value/time.ts';
import { type Days, joinedDays, ONE_DAY } from './days.ts';
import { BYTES, COUNT, DAYS, DOUBLES, FIRST, LAST, PackedRows, sortOf, WORDS } from './packed-rows.ts';
import type { Row, RowKey, RowReference } from './row.ts';

/**
 * Rows by key, in typed arrays with open addressing: a million rows are 80 MB where objects in a Map would be 440 MB.
 * Noting and merging are commutative and associative: first is the least, last the greatest, days are joined, counts add.
 */
export interface Rows extends Iterable<Row> {
  readonly size: number;
  /** One sighting at one moment. */
  note(key: RowKey, time: Micros, bytes: number, reference: RowReference): void;
  /** All sightings of other rows; symbols and segments must be the same. */
  merge(other: Iterable<Row>): void;
  at(index: number): Row;
  /** The rows themselves, which may be taken away once nothing more is noted. */
  readonly packed: PackedRows;
}

export function createRows(): Rows {
  const packed = new PackedRows();
  let slots = new Int32Array(packed.capacity * 2).fill(-1);

  const slotOf = (key: RowKey, sort: number): number => {
    const mask = slots.length - 1;
    let slot = hashOf(key, sort) & mask;
    for (;;) {
      const index = slots[slot] ?? -1;
      if (index < 0 || isKeyAt(packed.words, index, key, sort)) return slot;
      slot = (slot + 1) & mask;
    }
  };

  const grow = (): void => {
    packed.grow();
    slots = new Int32Array(packed.capacity * 2).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < packed.size; index++) {
      let slot = hashAt(packed.words, index) & mask;
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
  };

  /** The row of a key; a new one has a count of 0. */
  const rowOf = (key: RowKey): number => {
    if (packed.size === packed.capacity) grow();
    const slot = slotOf(key, sortOf(key));
    const index = slots[slot] ?? -1;
    if (index >= 0) return index;
    slots[slot] = packed.size;
    packed.putKey(packed.size, key);
    return packed.size++;
  };

  return {
    packed,
    get size() {
      return packed.size;
    },
    note(key, time, bytes, reference) {
      join(packed, rowOf(key), time, time, 1, bytes, ONE_DAY, reference);
    },
    merge(other) {
      for (const row of other) {
        join(packed, rowOf(row), row.first, row.last, row.count, row.bytes, row.days, row.reference);
      }
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

const hashOf = ({ entity, peer, port, transport, name }: RowKey, sort: number): number =>
  hashOfWords(entity | 0, peer | 0, port, sort, transport, name);

/** The same of the key that stands in a row. */
function hashAt(words: Uint32Array, index: number): number {
  const word = index * WORDS;
  return hashOfWords(
    words[word] ?? 0,
    words[word + 1] ?? 0,
    words[word + 2] ?? 0,
    words[word + 3] ?? 0,
    words[word + 4] ?? 0,
    words[word + 5] ?? 0,
  );
}

function hashOfWords(
  entity: number,
  peer: number,
  port: number,
  sort: number,
  transport: number,
  name: number,
): number {
  let hash = mixed(sort, port);
  hash = mixed(hash, entity);
  hash = mixed(hash, peer);
  hash = mixed(hash, transport);
  hash = mixed(hash, name);
  return hash ^ (hash >>> 15);
}

/** One step of MurmurHash3. */
function mixed(hash: number, word: number): number {
  const block = Math.imul(word, 0xcc9e2d51);
  const mix = hash ^ Math.imul((block << 15) | (block >>> 17), 0x1b873593);
  return (Math.imul((mix << 13) | (mix >>> 19), 5) + 0xe6546b64) | 0;
}

/** Numbers by themselves, not as an object: this is called for every line of every log, several times. */
function join(
  packed: PackedRows,
  index: number,
  from: Micros,
  to: Micros,
  count: number,
  bytes: number,
  days: Days,
  reference: RowReference,
): void {
  const { words, doubles } = packed;
  const double = index * DOUBLES;
  const first = doubles[double + FIRST] ?? 0;
  const last = doubles[double + LAST] ?? 0;
  const word = index * WORDS + DAYS;
  words[word] = joinedDays(words[word] ?? 0, last, days, to);
  if (to > last) doubles[double + LAST] = to;
  if (from < first) doubles[double + FIRST] = from;
  if (from < first || (from === first && isEarlier(reference, packed.referenceAt(index)))) {
    packed.putReference(index, reference);
  }
  doubles[double + COUNT] = (doubles[double + COUNT] ?? 0) + count;
  doubles[double + BYTES] = (doubles[double + BYTES] ?? 0) + bytes;
}

/** Of two first sightings at one moment the one that stands first is kept, whichever was read first. */
const isEarlier = (one: RowReference, other: RowReference): boolean =>
  one.segment < other.segment || (one.segment === other.segment && one.line < other.line);

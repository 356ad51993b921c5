import { ABSENT, type SymbolId } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import { type Days, joinedDays, ONE_DAY } from './days.ts';

/** Where a number has nothing to say: a talker has no name, a domain no port. */
export const NONE = -1;

/** What a row is about: an entity, one of its traits, and the value that the trait took. */
export interface RowKey {
  /** The trait's place in the table of traits. */
  readonly trait: number;
  readonly entity: Address;
  readonly peer: Address;
  readonly port: number;
  readonly transport: SymbolId;
  readonly name: SymbolId;
}

/**
 * Where the first sighting stands: the segment's place in the list of segments, the log, the line in the segment, the
 * flow's identifier.
 * Only read where it is kept, so that one object may serve all sightings.
 */
export interface RowReference {
  readonly segment: number;
  readonly log: SymbolId;
  readonly line: number;
  readonly uid: string | undefined;
}

/** How often and when a value was seen. */
export interface Row extends RowKey {
  readonly first: Micros;
  readonly last: Micros;
  readonly count: number;
  readonly bytes: number;
  readonly days: Days;
  readonly reference: RowReference;
}

/**
 * Rows by key, in typed arrays with open addressing: a million rows are 80 MB where objects in a Map would be 440 MB.
 * Noting and merging are commutative and associative: first is the least, last the greatest, days are joined, counts add.
 */
export interface Rows {
  readonly size: number;
  /** One sighting at one moment. */
  note(key: RowKey, time: Micros, bytes: number, reference: RowReference): void;
  /** All sightings of other rows; symbols and segments must be the same. */
  merge(other: Iterable<Row>): void;
  /** The rows for another thread, which takes them over: here they are of no use any more. */
  pack(): PackedRows;
  at(index: number): Row;
  [Symbol.iterator](): Iterator<Row>;
}

export function createRows(): Rows {
  let columns = createColumns(1024);
  let slots = new Int32Array(2048).fill(-1);
  let size = 0;

  const slotOf = (key: RowKey): number => {
    const mask = slots.length - 1;
    let slot = hashOf(key) & mask;
    for (;;) {
      const index = slots[slot] ?? -1;
      if (index < 0 || isKeyAt(columns, index, key)) return slot;
      slot = (slot + 1) & mask;
    }
  };

  const grow = (): void => {
    columns = grownColumns(columns);
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let index = 0; index < size; index++) slots[slotOf(rowAt(columns, index))] = index;
  };

  /** The row of a key; a new one has a count of 0. */
  const rowOf = (key: RowKey): number => {
    if (size === columns.first.length) grow();
    const slot = slotOf(key);
    const index = slots[slot] ?? -1;
    if (index >= 0) return index;
    slots[slot] = size;
    putKey(columns, size, key);
    return size++;
  };

  return {
    get size() {
      return size;
    },
    note(key, time, bytes, reference) {
      // The row first: it may make the columns grow.
      const index = rowOf(key);
      join(columns, index, time, time, 1, bytes, ONE_DAY, reference);
    },
    merge(other) {
      for (const row of other) {
        const index = rowOf(row);
        join(columns, index, row.first, row.last, row.count, row.bytes, row.days, row.reference);
      }
    },
    pack: () => ({ size, columns }),
    at: index => rowAt(columns, index),
    *[Symbol.iterator]() {
      for (let index = 0; index < size; index++) yield rowAt(columns, index);
    },
  };
}

/** Rows as nothing but arrays. */
export interface PackedRows {
  readonly size: number;
  readonly columns: Columns;
}

export function* rowsIn({ size, columns }: PackedRows): Generator<Row> {
  for (let index = 0; index < size; index++) yield rowAt(columns, index);
}

/** What changes hands, and is not copied, when packed rows go to another thread. */
export const buffersOf = ({ columns }: PackedRows): readonly ArrayBuffer[] =>
  Object.values(columns).flatMap(column => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : []));

interface Columns {
  readonly trait: Uint8Array;
  readonly entity: Float64Array;
  readonly peer: Float64Array;
  readonly port: Int32Array;
  readonly transport: Uint32Array;
  readonly name: Uint32Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly count: Float64Array;
  readonly bytes: Float64Array;
  readonly days: Uint32Array;
  readonly segment: Uint32Array;
  readonly log: Uint32Array;
  readonly line: Uint32Array;
  readonly uid: (string | undefined)[];
}

const createColumns = (rows: number): Columns => ({
  trait: new Uint8Array(rows),
  entity: new Float64Array(rows),
  peer: new Float64Array(rows),
  port: new Int32Array(rows),
  transport: new Uint32Array(rows),
  name: new Uint32Array(rows),
  first: new Float64Array(rows),
  last: new Float64Array(rows),
  count: new Float64Array(rows),
  bytes: new Float64Array(rows),
  days: new Uint32Array(rows),
  segment: new Uint32Array(rows),
  log: new Uint32Array(rows),
  line: new Uint32Array(rows),
  uid: [],
});

function grownColumns(columns: Columns): Columns {
  const grown = createColumns(columns.first.length * 2);
  grown.trait.set(columns.trait);
  grown.entity.set(columns.entity);
  grown.peer.set(columns.peer);
  grown.port.set(columns.port);
  grown.transport.set(columns.transport);
  grown.name.set(columns.name);
  grown.first.set(columns.first);
  grown.last.set(columns.last);
  grown.count.set(columns.count);
  grown.bytes.set(columns.bytes);
  grown.days.set(columns.days);
  grown.segment.set(columns.segment);
  grown.log.set(columns.log);
  grown.line.set(columns.line);
  return { ...grown, uid: columns.uid };
}

const isKeyAt = (columns: Columns, index: number, key: RowKey): boolean =>
  columns.entity[index] === key.entity &&
  columns.peer[index] === key.peer &&
  columns.port[index] === key.port &&
  columns.name[index] === key.name &&
  columns.transport[index] === key.transport &&
  columns.trait[index] === key.trait;

function hashOf(key: RowKey): number {
  let hash = mixed(key.trait, key.port);
  hash = mixed(hash, key.entity | 0);
  hash = mixed(hash, (key.entity / 2 ** 32) | 0);
  hash = mixed(hash, key.peer | 0);
  hash = mixed(hash, (key.peer / 2 ** 32) | 0);
  hash = mixed(hash, key.transport);
  hash = mixed(hash, key.name);
  return hash ^ (hash >>> 15);
}

/** One step of MurmurHash3. */
function mixed(hash: number, word: number): number {
  const block = Math.imul(word, 0xcc9e2d51);
  const mix = hash ^ Math.imul((block << 15) | (block >>> 17), 0x1b873593);
  return (Math.imul((mix << 13) | (mix >>> 19), 5) + 0xe6546b64) | 0;
}

function putKey(columns: Columns, index: number, key: RowKey): void {
  columns.trait[index] = key.trait;
  columns.entity[index] = key.entity;
  columns.peer[index] = key.peer;
  columns.port[index] = key.port;
  columns.transport[index] = key.transport;
  columns.name[index] = key.name;
  columns.first[index] = Number.POSITIVE_INFINITY;
  columns.last[index] = Number.NEGATIVE_INFINITY;
}

function putReference(columns: Columns, index: number, { segment, log, line, uid }: RowReference): void {
  columns.segment[index] = segment;
  columns.log[index] = log;
  columns.line[index] = line;
  // A slice would keep the chunk that it was cut from alive; a copy does not.
  columns.uid[index] = uid === undefined ? undefined : Buffer.from(uid).toString();
}

/** Numbers by themselves, not as an object: this is called for every line of every log, several times. */
function join(
  columns: Columns,
  index: number,
  from: Micros,
  to: Micros,
  count: number,
  bytes: number,
  days: Days,
  reference: RowReference,
): void {
  const first = columns.first[index] ?? 0;
  const last = columns.last[index] ?? 0;
  columns.days[index] = joinedDays(columns.days[index] ?? 0, last, days, to);
  if (to > last) columns.last[index] = to;
  if (from < first) columns.first[index] = from;
  if (from < first || (from === first && isEarlier(columns, index, reference))) {
    putReference(columns, index, reference);
  }
  columns.count[index] = (columns.count[index] ?? 0) + count;
  columns.bytes[index] = (columns.bytes[index] ?? 0) + bytes;
}

/** Of two first sightings at one moment the one that stands first is kept, whichever was read first. */
function isEarlier(columns: Columns, index: number, { segment, line }: RowReference): boolean {
  const known = columns.segment[index] ?? 0;
  return segment < known || (segment === known && line < (columns.line[index] ?? 0));
}

const rowAt = (columns: Columns, index: number): Row => ({
  trait: columns.trait[index] ?? 0,
  entity: columns.entity[index] ?? NONE,
  peer: columns.peer[index] ?? NONE,
  port: columns.port[index] ?? NONE,
  transport: columns.transport[index] ?? ABSENT,
  name: columns.name[index] ?? ABSENT,
  first: columns.first[index] ?? 0,
  last: columns.last[index] ?? 0,
  count: columns.count[index] ?? 0,
  bytes: columns.bytes[index] ?? 0,
  days: columns.days[index] ?? 0,
  reference: {
    segment: columns.segment[index] ?? 0,
    log: columns.log[index] ?? ABSENT,
    line: columns.line[index] ?? 0,
    uid: columns.uid[index],
  },
});

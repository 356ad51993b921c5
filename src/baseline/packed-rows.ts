import { ABSENT, type SymbolId } from '../kernel/symbols.ts';
import { type Address, IPV6_BASE } from '../value/address.ts';
import { joinInto } from '../value/joined.ts';
import { add } from '../value/sum.ts';
import type { Micros } from '../value/time.ts';
import type { Days } from './days.ts';
import { type Keys, NONE, type Row, type RowKey, type RowReference, type Sightings } from './row.ts';

/** What symbols of one thread are called in another. */
export interface Renaming {
  symbolOf(id: SymbolId): SymbolId;
  addressOf(address: Address): Address;
}

/**
 * Rows as nothing but bytes, which can go to another thread without being copied. What every sighting touches are 64
 * bytes in one place, a line of the processor's cache: spread over an array for each field they would be a dozen.
 *
 * As 16 words: entity, peer, port, trait with what kind of number entity and peer are, transport, name, days, marks;
 * as 8 doubles from the fifth on: first, last, count, bytes. Where the first sighting stands lies apart, because it is
 * looked at when a row is made and hardly ever again.
 */
export class PackedRows implements Iterable<Row> {
  size = 0;
  words: Uint32Array<ArrayBuffer>;
  doubles: Float64Array<ArrayBuffer>;
  places: Uint32Array<ArrayBuffer>;
  readonly uids: (string | undefined)[];
  /** Where references are, if not here. */
  referenceOf: ((row: RowKey) => RowReference) | undefined;
  /** Of which entities rows have been forgotten, and how many. */
  readonly forgotten: Map<Address, number>;

  constructor({ buffer, places, size, uids, forgotten }: Packing = emptyPacking()) {
    this.words = new Uint32Array(buffer, ROWS_AT);
    this.doubles = new Float64Array(buffer, ROWS_AT);
    this.places = new Uint32Array(places);
    this.size = size;
    this.uids = uids;
    this.forgotten = forgotten;
  }

  /** What tells the rows apart, by itself. */
  keys(): Keys {
    const keys = new Uint32Array(KEY_WORDS * this.size);
    for (let index = 0; index < this.size; index++)
      for (let word = 0; word < KEY_WORDS; word++)
        keys[index * KEY_WORDS + word] = this.words[index * WORDS + word] ?? 0;
    return keys;
  }

  /** What can be sent: these are of no use any more once it is. */
  get packing(): Packing {
    const { words, places, size, uids, forgotten } = this;
    return { buffer: words.buffer, places: places.buffer, size, uids, forgotten };
  }

  get capacity(): number {
    return this.words.length / WORDS;
  }

  grow(): void {
    const { words, places } = this;
    const buffer = new ArrayBuffer(ROWS_AT + words.byteLength * 2);
    this.words = new Uint32Array(buffer, ROWS_AT);
    this.words.set(words);
    this.doubles = new Float64Array(buffer, ROWS_AT);
    this.places = new Uint32Array(places.length * 2);
    this.places.set(places);
  }

  putKey(index: number, key: RowKey): void {
    const word = index * WORDS;
    const { words } = this;
    words[word] = key.entity;
    words[word + 1] = key.peer;
    words[word + 2] = key.port;
    words[word + 3] = sortOf(key);
    words[word + 4] = key.transport;
    words[word + 5] = key.name;
    this.clear(index);
  }

  /** A key that stands among other words, from one of them on. */
  copyKey(index: number, words: Uint32Array, from: number): void {
    for (let word = 0; word < KEY_WORDS; word++) this.words[index * WORDS + word] = words[from + word] ?? 0;
    this.clear(index);
  }

  copyReference(index: number, others: PackedRows, other: number): void {
    for (let place = 0; place < PLACES; place++)
      this.places[index * PLACES + place] = others.places[other * PLACES + place] ?? 0;
    this.uids[index] = others.uids[other];
  }

  putReference(index: number, { segment, log, line, uid }: RowReference): void {
    const place = index * PLACES;
    this.places[place] = segment;
    this.places[place + 1] = log;
    this.places[place + 2] = line;
    this.uids[index] = uid;
  }

  /** One row more, of whose key there is none; where it has no reference, `referenceOf` knows it. */
  push(row: Sightings & Partial<Row>): void {
    if (this.size === this.capacity) this.grow();
    const index = this.size++;
    this.putKey(index, row);
    const double = index * DOUBLES;
    this.doubles[double + FIRST] = row.first;
    this.doubles[double + LAST] = row.last;
    this.doubles[double + COUNT] = row.count;
    this.doubles[double + BYTES] = row.bytes;
    this.words[index * WORDS + DAYS] = row.days;
    this.words[index * WORDS + MARKS] = row.marks;
    if (row.reference) this.putReference(index, row.reference);
  }

  /** For want of room. */
  forget(isForgotten: Uint8Array): void {
    for (let index = 0; index < this.size; index++)
      if (isForgotten[index] === 1) this.noteForgotten(this.at(index).entity, 1);
    this.leaveOut(isForgotten);
  }

  /** Leaves out some rows: the others close up, and have other places from then on. */
  leaveOut(isLeftOut: Uint8Array): void {
    let to = 0;
    for (let from = 0; from < this.size; from++) if (isLeftOut[from] !== 1) this.move(from, to++);
    this.size = to;
    this.uids.length = to;
  }

  /** References as somebody else has them. */
  refer(place: (reference: RowReference) => RowReference): void {
    for (let index = 0; index < this.size; index++) this.putReference(index, place(this.referenceAt(index)));
  }

  noteForgotten(entity: Address, count: number): void {
    joinInto(this.forgotten, entity, count, add);
  }

  at(index: number): Row {
    return new PackedRow(this, index);
  }

  referenceAt(index: number): RowReference {
    if (this.referenceOf) return this.referenceOf(this.at(index));
    const place = index * PLACES;
    return {
      segment: this.places[place] ?? 0,
      log: this.places[place + 1] ?? ABSENT,
      line: this.places[place + 2] ?? 0,
      uid: this.uids[index],
    };
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let index = 0; index < this.size; index++) yield this.at(index);
  }

  /** Puts the receiver's symbols in the place of the sender's. */
  rename({ symbolOf, addressOf }: Renaming): this {
    const { words, places } = this;
    for (let index = 0; index < this.size; index++) {
      const word = index * WORDS;
      const sort = words[word + 3] ?? 0;
      if (sort & NAMED_ENTITY) words[word] = addressOf((words[word] ?? 0) + IPV6_BASE);
      if (sort & NAMED_PEER) words[word + 1] = addressOf((words[word + 1] ?? 0) + IPV6_BASE);
      words[word + 4] = symbolOf(words[word + 4] ?? ABSENT);
      words[word + 5] = symbolOf(words[word + 5] ?? ABSENT);
      places[index * PLACES + 1] = symbolOf(places[index * PLACES + 1] ?? ABSENT);
    }
    const forgotten = [...this.forgotten];
    this.forgotten.clear();
    for (const [entity, count] of forgotten) this.noteForgotten(addressOf(entity), count);
    return this;
  }

  /** A row without a sighting; where it stands there may have been another one. */
  private clear(index: number): void {
    const { words, doubles } = this;
    words[index * WORDS + DAYS] = 0;
    words[index * WORDS + MARKS] = 0;
    const double = index * DOUBLES;
    doubles[double + FIRST] = Number.POSITIVE_INFINITY;
    doubles[double + LAST] = Number.NEGATIVE_INFINITY;
    doubles[double + COUNT] = 0;
    doubles[double + BYTES] = 0;
  }

  private move(from: number, to: number): void {
    this.words.copyWithin(to * WORDS, from * WORDS, (from + 1) * WORDS);
    this.places.copyWithin(to * PLACES, from * PLACES, (from + 1) * PLACES);
    this.uids[to] = this.uids[from];
  }
}

/** One of them: as an object of its own it would be ten times larger, and there are millions. */
class PackedRow implements Row {
  private readonly rows: PackedRows;
  private readonly index: number;

  constructor(rows: PackedRows, index: number) {
    this.rows = rows;
    this.index = index;
  }

  get trait(): number {
    return this.sort & TRAIT;
  }

  get entity(): Address {
    return this.word(0) + (this.sort & NAMED_ENTITY ? IPV6_BASE : 0);
  }

  get peer(): Address {
    return this.sort & NO_PEER ? NONE : this.word(1) + (this.sort & NAMED_PEER ? IPV6_BASE : 0);
  }

  /** NONE is negative. */
  get port(): number {
    return this.word(2) | 0;
  }

  get transport(): SymbolId {
    return this.word(4);
  }

  get name(): SymbolId {
    return this.word(5);
  }

  get days(): Days {
    return this.word(DAYS);
  }

  get first(): Micros {
    return this.double(FIRST);
  }

  get last(): Micros {
    return this.double(LAST);
  }

  get count(): number {
    return this.double(COUNT);
  }

  get bytes(): number {
    return this.double(BYTES);
  }

  get marks(): number {
    return this.word(MARKS);
  }

  get reference(): RowReference {
    return this.rows.referenceAt(this.index);
  }

  private get sort(): number {
    return this.word(3);
  }

  private word(place: number): number {
    return this.rows.words[this.index * WORDS + place] ?? 0;
  }

  private double(place: number): number {
    return this.rows.doubles[this.index * DOUBLES + place] ?? 0;
  }
}

/** Packed rows on their way. */
export interface Packing {
  readonly buffer: ArrayBuffer;
  readonly places: ArrayBuffer;
  readonly size: number;
  readonly uids: (string | undefined)[];
  readonly forgotten: Map<Address, number>;
}

const FIRST_CAPACITY = 1024;

const emptyPacking = (): Packing => ({
  buffer: new ArrayBuffer(ROWS_AT + FIRST_CAPACITY * WORDS * 4),
  places: new ArrayBuffer(FIRST_CAPACITY * PLACES * 4),
  size: 0,
  uids: [],
  forgotten: new Map(),
});

/**
 * Where in their buffer the rows begin. Large buffers begin 16 bytes behind the beginning of a page (glibc's malloc keeps
 * its own word there): so a row is one line of the cache and not parts of two.
 */
const ROWS_AT = 48;

/** How many a row has of each. */
export const WORDS = 16;
export const KEY_WORDS = 6;
export const DOUBLES = 8;
const PLACES = 3;

/** Where they stand among a row's doubles, and among its words. */
export const FIRST = 4;
export const LAST = 5;
export const COUNT = 6;
export const BYTES = 7;
export const DAYS = 6;
export const MARKS = 7;

const TRAIT = 0xff;
export const NAMED_ENTITY = 0x100;
const NAMED_PEER = 0x200;
export const NO_PEER = 0x400;

/** The trait, and what the words for entity and peer stand for. */
export const sortOf = ({ trait, entity, peer }: RowKey): number =>
  trait |
  (entity >= IPV6_BASE ? NAMED_ENTITY : 0) |
  (peer >= IPV6_BASE ? NAMED_PEER : 0) |
  (peer === NONE ? NO_PEER : 0);

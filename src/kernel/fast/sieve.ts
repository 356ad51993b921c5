import { type Plan, type PlanColumn, placeIn } from '../plan.ts';
import { type Counted, type ImprintPart, type Likenesses, MOST_NOTES, type Sieve, type Telling } from '../sieve.ts';
import type { Column, NameColumn } from '../table.ts';
import { type KernelMemory, LIKENESS, LIKENESSES, region } from './memory.ts';

/** A table in the making, and where its columns lie. */
interface Ground {
  readonly plan: Plan;
  readonly columns: readonly Column[];
  readonly memory: KernelMemory;
  columnAt(index: number): number;
  /** So many bytes for each row. */
  take(bytesPerRow: number): number;
  readonly capacity: number;
}

/** The numbers of `wasm/likeness.ts`. */
const KIND = { word: 0, name: 1, address: 2, boolean: 3, number: 4, constant: 5, sign: 6 } as const;

/** So many words has an imprint, with the one for who asks and the one for what takes only bits; of those two each. */
const MOST_WORDS = 16;
const MOST_BITS = 32;

/** Undefined where an imprint has no room for all that tells rows apart. */
export function createSieve(
  ground: Ground,
  wanted: readonly ImprintPart[],
  { time, port }: Telling,
): Sieve | undefined {
  const { plan, columns, memory, capacity, columnAt, take } = ground;
  const { wasm, buffer } = memory;

  const rowsAt = take(4);
  const sizesAt = take(8);
  const words: Uint32Array[] = [];
  const parts: number[] = [];
  let named: NameColumn | undefined;
  for (const part of wanted) {
    if (part === 'word') {
      const at = take(4);
      words.push(new Uint32Array(buffer, at, capacity));
      parts.push(KIND.name, at);
    } else if ('sign' in part) parts.push(KIND.sign, columnAt(placeIn(plan, part.sign)));
    else {
      const place = placeIn(plan, part.column);
      const column = columns[place];
      parts.push(kindOf(part.column), columnAt(place));
      if (column?.type === 'name') named = column;
    }
  }
  // All names of a table are numbered together, and anew with each era.
  if (named) parts.push(KIND.constant, named.era);
  const kinds = parts.filter((_, index) => index % 2 === 0);
  const wordCount = 2 + kinds.filter(kind => kind !== KIND.boolean && kind !== KIND.sign).length;
  const bitCount = 2 * kinds.filter(kind => kind !== KIND.word && kind !== KIND.name && kind !== KIND.constant).length;
  if (wordCount > MOST_WORDS || bitCount > MOST_BITS) return undefined;

  const written = new Uint32Array(buffer, region.parts.at, parts.length);
  const timesAt = columnAt(placeIn(plan, time));
  const portsAt = port ? columnAt(placeIn(plan, port)) : 0;
  const left = new Uint32Array(buffer, region.left.at, 3 * capacity);
  const all = new Uint32Array(buffer);
  return {
    rows: new Uint32Array(buffer, rowsAt, capacity),
    words,
    sizes: new Float64Array(buffer, sizesAt, capacity),
    likenesses: likenessesIn(memory),
    sift(count, asker, owner, hasSizes) {
      if (named) parts[parts.length - 1] = named.era;
      written.set(parts);
      wasm.layOutImprint(region.parts.at, kinds.length, timesAt, hasSizes ? sizesAt : 0, portsAt);
      return wasm.sift(rowsAt, count, region.left.at, asker, owner);
    },
    placeOf: index => left[3 * index] ?? 0,
    likenessOf(index) {
      const likeness = left[3 * index + 1] ?? 0;
      return all[(likeness >>> 2) + SERIAL] === left[3 * index + 2] ? likeness : 0;
    },
    get earliest() {
      return Number(wasm.earliest.value);
    },
    get latest() {
      return Number(wasm.latest.value);
    },
  };
}

function kindOf({ type }: PlanColumn): number {
  switch (type) {
    case 'symbol':
      return KIND.word;
    case 'name':
    case 'address':
    case 'boolean':
    case 'number':
      return KIND[type];
    default:
      throw new TypeError(`a column of type ${type} is each row's own`);
  }
}

/** As `wasm/likeness.ts` lays it out: in words, and in doubles. */
const OWNER = 0;
const COUNT = 1;
const MARK = 8;
const FIRST = 1;
const LAST = 2;
const BYTES = 3;
const SERIAL = 26;
const NOTES = 27;

if (4 * (NOTES + MOST_NOTES) > LIKENESS) throw new RangeError('a likeness has no room for so many notes');

const known = new WeakMap<KernelMemory, Likenesses>();

function likenessesIn(memory: KernelMemory): Likenesses {
  const created = known.get(memory) ?? createLikenesses(memory);
  known.set(memory, created);
  return created;
}

/** Each is known by where it lies. */
function createLikenesses({ wasm, buffer }: KernelMemory): Likenesses {
  const words = new Uint32Array(buffer);
  const doubles = new Float64Array(buffer);

  const tell = (likeness: number, counted: Counted): void => {
    const word = likeness >>> 2;
    const double = likeness >>> 3;
    const count = words[word + COUNT] ?? 0;
    if (count === 0) return;
    counted(word + NOTES, count, doubles[double + LAST] ?? 0, doubles[double + BYTES] ?? 0, words[word + MARK] ?? 0);
    words[word + COUNT] = 0;
    words[word + MARK] = 0;
    doubles[double + BYTES] = 0;
  };
  const tellLost = (counted: Counted): void => {
    const end = Number(wasm.putAside.value);
    for (let index = 0; index < end; index++) tell(region.aside.at + index * LIKENESS, counted);
    if (end > 0) wasm.takeAside();
  };
  let numbers = 0;
  return {
    newNumber: () => ++numbers,
    notes: new Int32Array(buffer),
    ownerOf: likeness => words[(likeness >>> 2) + OWNER] ?? 0,
    notesOf: likeness => (likeness >>> 2) + NOTES,
    begin(likeness, owner, time) {
      const word = likeness >>> 2;
      const double = likeness >>> 3;
      words[word + OWNER] = owner;
      words[word + COUNT] = 0;
      words[word + MARK] = 0;
      doubles[double + FIRST] = time;
      doubles[double + LAST] = time;
      doubles[double + BYTES] = 0;
    },
    tell,
    tellLost,
    tellAll(owner, counted) {
      tellLost(counted);
      for (let from = 0; from < LIKENESSES; ) {
        from = wasm.settle(owner, from);
        tellLost(counted);
      }
    },
  };
}

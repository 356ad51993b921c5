import type { ColumnType, Plan } from '../plan.ts';
import type { Symbols } from '../symbols.ts';
import { type Column, type NameColumn, NO_ID, type Table, type TextColumn } from '../table.ts';
import type { Learnt } from './learnt.ts';
import { type KernelMemory, MOST_ROWS, region } from './memory.ts';
import { createSieve } from './sieve.ts';

/** A table whose columns lie in the memory of the fast decoders. */
export interface FastTable extends Table {
  /** For each column four words, as `wasm/columns.ts` reads them: its type, where it lies, for text where the lengths lie, and 0. */
  readonly targets: readonly number[];
  readonly linesAt: number;
  readonly startsAt: number;
  /** Begins a new batch, over the bytes of another block. */
  open(block: Buffer): void;
  /** Makes every value of some rows absent, of all where they are not named. */
  clear(from?: number, to?: number): void;
}

/** How many bytes the words of a column take, and where among them the next target stands that wants the same value. */
export const TARGET = 16;
export const NEXT_TARGET = 12;

/** So many rows, even of a wide log, fit into a core's own cache; and views of eight bytes stay aligned. */
const CAPACITY = MOST_ROWS;

/** How many bytes of a column a row takes. */
const BYTES: Readonly<Record<ColumnType, number>> = {
  ...{ text: 4, name: 4, symbol: 4, boolean: 1 },
  ...{ number: 8, time: 8, address: 8 },
};

/** The numbers of `wasm/state.ts`: to the kernel a name is one of its own symbols. */
const TYPES: Readonly<Record<ColumnType, number>> = {
  text: 0,
  name: 1,
  symbol: 1,
  number: 2,
  time: 3,
  address: 4,
  boolean: 5,
};

export function createFastTable(
  plan: Plan,
  symbols: Symbols,
  memory: KernelMemory,
  textOf: (raw: string) => string | undefined,
  learnt: Learnt,
): FastTable {
  const { buffer } = memory;
  let free: number = region.columns.at;
  const take = (bytesPerRow: number): number => {
    const at = free;
    free += CAPACITY * bytesPerRow;
    if (free > region.columns.at + region.columns.size) throw new RangeError('the plan has too many columns');
    return at;
  };
  const words = (at: number) => new Uint32Array(buffer, at, CAPACITY);

  const written: (FastTexts | FastNames)[] = [];
  const columns: Column[] = [];
  const targets: number[] = [];
  for (const { type } of plan) {
    const at = take(BYTES[type]);
    const lengthsAt = type === 'text' ? take(4) : 0;
    targets.push(TYPES[type], at, lengthsAt, 0);
    if (type === 'text') {
      const column = createTexts(words(at), words(lengthsAt), textOf);
      written.push(column);
      columns.push(column);
    } else if (type === 'name') {
      const column = createNames(words(at), learnt);
      written.push(column);
      columns.push(column);
    } else if (type === 'symbol') columns.push({ type, values: words(at) });
    else if (type === 'boolean') columns.push({ type, values: new Uint8Array(buffer, at, CAPACITY) });
    else columns.push({ type, values: new Float64Array(buffer, at, CAPACITY) });
  }
  const columnAt = (index: number): number => targets[(index * TARGET) / 4 + 1] ?? 0;
  const linesAt = take(4);
  const startsAt = take(4);

  return {
    plan,
    symbols,
    columns,
    capacity: CAPACITY,
    most: CAPACITY,
    lines: words(linesAt),
    starts: words(startsAt),
    rows: 0,
    targets,
    sieve: (parts, telling) =>
      createSieve({ plan, columns, memory, capacity: CAPACITY, columnAt, take }, parts, telling),
    linesAt,
    startsAt,
    open(block) {
      for (const column of written) column.open(block);
    },
    clear(from = 0, to = CAPACITY) {
      for (const column of columns) {
        if (column.type === 'text' || column.type === 'name') continue;
        column.values.fill(column.type === 'symbol' || column.type === 'boolean' ? 0 : Number.NaN, from, to);
      }
      for (const column of written) column.clear(from, to);
    },
  };
}

const NO_TEXT = 0xffffffff;
/** The careful path has put a text there. */
const WRITTEN = 0xfffffffe;

interface Written {
  open(block: Buffer): void;
  clear(from: number, to: number): void;
}

type FastTexts = TextColumn<'text'> & Written;
type FastNames = NameColumn & Written;

/** Texts as the kernel leaves them: where they begin in the block, and how many bytes they are. */
function createTexts(
  starts: Uint32Array,
  lengths: Uint32Array,
  textOf: (raw: string) => string | undefined,
): FastTexts {
  const written = new Map<number, string>();
  let bytes: Buffer = Buffer.alloc(0);
  // Several look at one row, one after the other.
  let lastStart = 0;
  let lastLength = 0;
  let lastText: string | undefined = '';
  return {
    type: 'text',
    at(row) {
      const length = lengths[row] ?? NO_TEXT;
      if (length === NO_TEXT) return undefined;
      if (length === WRITTEN) return written.get(row);
      const start = starts[row] ?? 0;
      if (start !== lastStart || length !== lastLength) {
        lastStart = start;
        lastLength = length;
        lastText = textOf(bytes.toString('utf8', start, start + length));
      }
      return lastText;
    },
    isAbsent: row => lengths[row] === NO_TEXT,
    put(row, text) {
      lengths[row] = text === undefined ? NO_TEXT : WRITTEN;
      if (text !== undefined) written.set(row, text);
    },
    open(block) {
      bytes = block;
      lastLength = NO_TEXT;
      if (written.size > 0) written.clear();
    },
    clear(from, to) {
      lengths.fill(NO_TEXT, from, to);
    },
  };
}

/** Names as the kernel numbers them. */
function createNames(ids: Uint32Array, learnt: Learnt): FastNames {
  const written = new Map<number, string>();
  return {
    type: 'name',
    ids,
    get era() {
      return learnt.era;
    },
    at(row) {
      const id = ids[row] ?? 0;
      if (id === 0) return undefined;
      return id === NO_ID ? written.get(row) : learnt.nameOf(id);
    },
    isAbsent: row => ids[row] === 0,
    put(row, text) {
      ids[row] = text === undefined ? 0 : NO_ID;
      if (text !== undefined) written.set(row, text);
    },
    open() {
      if (written.size > 0) written.clear();
    },
    clear(from, to) {
      ids.fill(0, from, to);
    },
  };
}

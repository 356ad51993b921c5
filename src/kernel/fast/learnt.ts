import type { Address } from '../../value/address.ts';
import { readNumber } from '../../value/number.ts';
import { ABSENT, type Symbols } from '../symbols.ts';
import type { Table } from '../table.ts';
import { type KernelMemory, MOST_SYMBOLS, POOL_SIZE, region } from './memory.ts';

/** What the kernel's own numbers for texts mean in a run: their bytes are read once for each distinct text. */
export interface Learnt {
  /** Puts the run's symbols and addresses in the place of the kernel's numbers in some rows, and reads the odd numbers. */
  name(table: Table, from: number, to: number, blockAt: number): void;
  /** The text that a number of the kernel's stands for: the same string each time, so that it is quick to look up. */
  nameOf(id: number): string | undefined;
  /** How long numbers stand for the same texts: no two eras of a process are the same. */
  readonly era: number;
}

let eras = 0;

/** How many times the kernel has forgotten its numbers. */
let generation = 0;

/** Makes room where the kernel knows so many texts that a batch might not fit any more. */
export function forgetWhereFull({ wasm }: KernelMemory): void {
  if (Number(wasm.known.value) < MOST_SYMBOLS / 2 && Number(wasm.poolUsed.value) < POOL_SIZE / 2) return;
  wasm.forget();
  generation++;
}

const learnt = new WeakMap<Symbols, Map<string, Learnt>>();

/** All decoders of a run that read texts in the same way share what they learn. */
export function learntBy(
  symbols: Symbols,
  dialect: string,
  textOf: (raw: string) => string | undefined,
  memory: KernelMemory,
): Learnt {
  const known = learnt.get(symbols) ?? new Map<string, Learnt>();
  learnt.set(symbols, known);
  const found = known.get(dialect) ?? createLearnt(symbols, textOf, memory);
  known.set(dialect, found);
  return found;
}

/** Marks an address that has not been read yet; no address is negative. */
const UNREAD = -1;

function createLearnt(
  symbols: Symbols,
  textOf: (raw: string) => string | undefined,
  { wasm, bytes, buffer }: KernelMemory,
): Learnt {
  const names: (string | undefined)[] = [];
  const texts = new Uint32Array(MOST_SYMBOLS + 1);
  const addresses = new Float64Array(MOST_SYMBOLS + 1).fill(UNREAD);
  const places = new Uint32Array(buffer, region.places.at, 4 * MOST_SYMBOLS);
  let learntIn = generation;
  let era = ++eras;

  const rawOf = (id: number): string => {
    const place = 4 * (id - 1);
    const start = region.pool.at + (places[place] ?? 0);
    return bytes.toString('utf8', start, start + (places[place + 1] ?? 0));
  };
  const symbolOf = (id: number): number => {
    const text = textOf(rawOf(id));
    return text === undefined ? ABSENT : symbols.of(text);
  };
  const addressOf = (id: number): Address => symbols.address(rawOf(id)) ?? Number.NaN;

  const nameSymbols = (values: Uint32Array, from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      const id = values[row] ?? 0;
      if (id === 0) continue;
      if (texts[id] === 0) texts[id] = symbolOf(id);
      values[row] = texts[id] ?? ABSENT;
    }
  };
  const nameAddresses = (values: Float64Array, from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      const id = -(values[row] ?? 0);
      if (!(id > 0)) continue;
      if (addresses[id] === UNREAD) addresses[id] = addressOf(id);
      values[row] = addresses[id] ?? Number.NaN;
    }
  };

  const odd = new Uint32Array(buffer, region.oddNumbers.at, region.oddNumbers.size / 4);
  const readOddNumbers = (table: Table, blockAt: number): void => {
    const end = 4 * Number(wasm.oddNumbers.value);
    for (let entry = 0; entry < end; entry += 4) {
      const [target = 0, row = 0, start = 0, length = 0] = odd.subarray(entry, entry + 4);
      const column = table.columns[target];
      const text = bytes.toString('utf8', blockAt + start, blockAt + start + length);
      if (column?.type === 'number') column.values[row] = readNumber(text);
    }
    if (end > 0) wasm.forgetOddNumbers();
  };

  return {
    get era() {
      return era;
    },
    nameOf(id) {
      names[id] ??= textOf(rawOf(id));
      return names[id];
    },
    name(table, from, to, blockAt) {
      if (learntIn !== generation) {
        names.length = 0;
        era = ++eras;
        texts.fill(0);
        addresses.fill(UNREAD);
        learntIn = generation;
      }
      const hasNamed = Number(wasm.hasNamedAddresses.value) !== 0;
      for (const column of table.columns) {
        if (column.type === 'symbol') nameSymbols(column.values, from, to);
        else if (column.type === 'address' && hasNamed) nameAddresses(column.values, from, to);
      }
      wasm.forgetNamedAddresses();
      readOddNumbers(table, blockAt);
    },
  };
}

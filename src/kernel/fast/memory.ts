import { readFileSync } from 'node:fs';
import { fileOf } from '../../value/home.ts';

/** What the module of `wasm/` offers. Addresses are bytes of its memory. */
interface Exports {
  readonly at: WebAssembly.Global;
  readonly line: WebAssembly.Global;
  readonly rows: WebAssembly.Global;
  readonly known: WebAssembly.Global;
  readonly poolUsed: WebAssembly.Global;
  readonly hasNamedAddresses: WebAssembly.Global;
  readonly oddNumbers: WebAssembly.Global;
  readonly earliest: WebAssembly.Global;
  readonly latest: WebAssembly.Global;
  readonly putAside: WebAssembly.Global;
  begin(block: number, at: number, line: number, row: number, mostRows: number): void;
  place(lines: number, starts: number): void;
  placeTargets(at: number): void;
  placeSymbols(slots: number, slotCount: number, places: number, placeCount: number, pool: number, size: number): void;
  placeRecent(at: number, entries: number): void;
  layOut(separator: number, columns: number, wanting: number, unset: number, unsetLength: number): void;
  layOutKeys(nodes: number, ranks: number, targets: number): void;
  placeSpellings(at: number, count: number): void;
  placeAddresses(at: number, entries: number): void;
  forget(): void;
  forgetNamedAddresses(): void;
  placeOddNumbers(at: number, most: number): void;
  forgetOddNumbers(): void;
  placeLikenesses(at: number, entries: number, asked: number, aside: number, mostAside: number): void;
  layOutImprint(parts: number, count: number, times: number, sizes: number, ports: number): void;
  sift(rows: number, count: number, left: number, asker: number, owner: number): number;
  settle(owner: number, from: number): number;
  takeAside(): void;
  decodeTsv(end: number): number;
  decodeJson(end: number): number;
}

/**
 * The memory of the fast decoders, laid out once; it never grows, so that views of it stay valid. Pool, room and block end
 * well before the next region: some bytes behind a text may be read, 32 behind the first one of a key.
 */
export interface KernelMemory {
  readonly wasm: Exports;
  readonly bytes: Buffer;
  readonly buffer: ArrayBuffer;
}

const KIB = 1 << 10;
const MIB = 1 << 20;

/** How many distinct texts are told apart before all are forgotten, and how many bytes they may have together. */
export const MOST_SYMBOLS = 1 << 16;
const SYMBOL_SLOTS = 2 * MOST_SYMBOLS;
export const POOL_SIZE = 4 * MIB;
const ADDRESS_ENTRIES = 1 << 12;
const RECENT_ENTRIES = 1 << 11;
/** How many numbers of a batch may be left to the binding. */
const MOST_ODD_NUMBERS = 1 << 14;

const SPELLINGS = 1 << 9;

/** How many bytes an entry of `wasm/likeness.ts` takes, and how many there are: more lie too far from the processor. */
export const LIKENESS = 128;
export const LIKENESSES = 1 << 16;
/** How many rows a table has at most. */
export const MOST_ROWS = 1024;

export const region = {
  /** What is wanted and where it stands. */
  program: { at: KIB, size: 255 * KIB },
  slots: { at: 256 * KIB, size: 4 * SYMBOL_SLOTS },
  /** Addresses that were read before; nothing but zeros when the memory is new. */
  addresses: { at: 768 * KIB, size: 32 * ADDRESS_ENTRIES },
  /** Short texts that came lately. */
  recent: { at: 896 * KIB, size: 32 * RECENT_ENTRIES },
  places: { at: MIB, size: 16 * MOST_SYMBOLS },
  pool: { at: 2 * MIB, size: POOL_SIZE },
  oddNumbers: { at: 6 * MIB, size: 16 * MOST_ODD_NUMBERS },
  columns: { at: 7 * MIB, size: 4 * MIB },
  /** Blocks are read into it by whoever has it. */
  room: { at: 11 * MIB, size: 4 * MIB },
  /** Blocks of others are copied into it: each with its last line feed, and what may be read behind. */
  block: { at: 15 * MIB, size: 4 * MIB },
  /** What rows are like, and what they teach; nothing but zeros when the memory is new. */
  likenesses: { at: 20 * MIB, size: LIKENESS * LIKENESSES },
  /** Those that are asked for together, what tells rows apart, which rows are left, and entries that had to go. */
  asked: { at: 19 * MIB, size: 6 * KIB },
  parts: { at: 19 * MIB + 6 * KIB, size: KIB },
  left: { at: 19 * MIB + 8 * KIB, size: 12 * MOST_ROWS },
  aside: { at: 19 * MIB + 128 * KIB, size: LIKENESS * MOST_ROWS },
  /** Keys of JSON. */
  spellings: { at: 19 * MIB + 512 * KIB, size: 80 * SPELLINGS },
} as const;

const PAGES = (20 * MIB + LIKENESS * LIKENESSES) / (64 * KIB);

/** Blocks that are larger go the careful way. */
export const LARGEST_BLOCK = region.block.size - 64;

let opened: KernelMemory | undefined | null = null;

/** Undefined where this machine's WebAssembly has no SIMD. */
export function kernelMemory(): KernelMemory | undefined {
  if (opened === null) opened = open();
  return opened;
}

function open(): KernelMemory | undefined {
  const code = readFileSync(fileOf('dist/kernel/kernel.wasm'));
  if (!WebAssembly.validate(code)) return undefined;
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  const env = { memory, abort: refuseToGoOn };
  const wasm = new WebAssembly.Instance(new WebAssembly.Module(code), { env }).exports as unknown as Exports;
  const { slots, addresses, recent, places, pool, oddNumbers, likenesses, asked, aside, spellings } = region;
  wasm.placeRecent(recent.at, RECENT_ENTRIES);
  wasm.placeSymbols(slots.at, SYMBOL_SLOTS, places.at, MOST_SYMBOLS, pool.at, POOL_SIZE - 16);
  wasm.placeAddresses(addresses.at, ADDRESS_ENTRIES);
  wasm.placeOddNumbers(oddNumbers.at, MOST_ODD_NUMBERS);
  wasm.placeSpellings(spellings.at, SPELLINGS);
  wasm.placeLikenesses(likenesses.at, LIKENESSES, asked.at, aside.at, MOST_ROWS);
  return { wasm, buffer: memory.buffer, bytes: Buffer.from(memory.buffer) };
}

let isTrusted = true;

/** After a failure the memory is not to be relied on: from now on this thread goes the careful way. */
export function distrustFastPath(): void {
  isTrusted = false;
}

export const isFastTrusted = (): boolean => isTrusted;

/** Stops a reader that was under way when another one failed. */
export function checkTrust(): void {
  if (!isTrusted) throw new WebAssembly.RuntimeError('its memory was broken by another log');
}

const refuseToGoOn = (): never => {
  throw new WebAssembly.RuntimeError('the kernel stopped');
};

/** The part of the memory that blocks are read into. */
export const roomIn = ({ bytes }: KernelMemory): Buffer =>
  bytes.subarray(region.room.at, region.room.at + LARGEST_BLOCK);

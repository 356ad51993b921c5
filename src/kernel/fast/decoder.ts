import { carefulDecoder, type DecodeLine, stepOver } from '../careful/walk.ts';
import type { Block, Decoder, Position, Progress, Refusal } from '../kernel.ts';
import type { Plan } from '../plan.ts';
import type { Symbols } from '../symbols.ts';
import type { Table } from '../table.ts';
import { forgetWhereFull, learntBy } from './learnt.ts';
import { checkTrust, type KernelMemory, kernelMemory, LARGEST_BLOCK, region } from './memory.ts';
import { createProgram, type Program } from './program.ts';
import { createFastTable, TARGET } from './table.ts';

/** One way of writing records. */
export interface Dialect {
  /** Names the way in which bytes become texts. */
  readonly name: string;
  /** The text that bytes of a record stand for; undefined for what is none. */
  textOf(raw: string): string | undefined;
  readonly decodeLine: DecodeLine;
  /** Whether a record says nothing of what it leaves out: then every row is cleared before it is written. */
  readonly leavesOut: boolean;
  /** Writes what is wanted; `targets` are where the words of each column lie. */
  write(program: Program, targets: readonly number[]): Layout;
}

/** Says where lies what was written, and returns the call that decodes it. */
type Layout = (wasm: KernelMemory['wasm']) => Run;

/** Decodes the block up to an end, and says why it stopped. */
type Run = (end: number) => number;

/** By its number; `unsure` is before a line for the careful path. */
const STOPS = ['end', 'full', 'unsure', 'directive', 'stranger'] as const;

const LINE_FEED = 10;

/** Whose plan is laid out in the memory, and whose bytes lie in it: many decoders share it, and each takes its turn. */
const holder: { table: Table | undefined; run: Run; bytes: Buffer | undefined } = {
  table: undefined,
  run: () => 0,
  bytes: undefined,
};

/**
 * Decodes in WebAssembly with SIMD what is written as nearly all records are, and leaves every other line to the careful
 * path. Undefined where there is no SIMD.
 */
export function fastDecoder(plan: Plan, symbols: Symbols, dialect: Dialect): Decoder | undefined {
  const memory = kernelMemory();
  if (!memory) return undefined;
  const { wasm } = memory;
  const learnt = learntBy(symbols, dialect.name, dialect.textOf, memory);
  const table = createFastTable(plan, symbols, memory, dialect.textOf, learnt);
  const careful = carefulDecoder(table, dialect.decodeLine);

  /** As it was written for the first turn. */
  let known: { readonly image: Buffer; readonly targetsAt: number; readonly layout: Layout } | undefined;
  const write = () => {
    const program = createProgram(memory);
    const targetsAt = program.words(table.targets);
    const targets = plan.map((_, index) => targetsAt + index * TARGET);
    const layout = dialect.write(program, targets);
    return { image: program.image(), targetsAt, layout };
  };

  const takeTurn = (): Run => {
    if (holder.table === table) return holder.run;
    if (known) memory.bytes.set(known.image, region.program.at);
    known ??= write();
    const { targetsAt, layout } = known;
    wasm.placeTargets(targetsAt);
    wasm.place(table.linesAt, table.startsAt);
    holder.run = layout(wasm);
    holder.table = table;
    if (!dialect.leavesOut) table.clear();
    return holder.run;
  };

  /** Where the bytes of a block lie in the memory. */
  const bring = (bytes: Buffer): number => {
    const isHere = bytes.buffer === memory.buffer;
    const at = isHere ? bytes.byteOffset : region.block.at;
    if (!isHere && holder.bytes !== bytes) {
      memory.bytes.set(bytes, at);
      holder.bytes = bytes;
    }
    // Nothing stands behind a last line without an end.
    if (bytes.at(-1) !== LINE_FEED) memory.bytes[at + bytes.length] = LINE_FEED;
    return at;
  };

  const decode = (run: Run, block: Block, from: Position): Progress => {
    const blockAt = bring(block.bytes);
    if (dialect.leavesOut) table.clear(0, table.most);
    forgetWhereFull(memory);

    const refused: Refusal[] = [];
    const end = block.bytes.length;
    let position = from;
    let declined = 0;
    table.rows = 0;
    while (true) {
      wasm.begin(blockAt, position.at, position.line, table.rows, table.most);
      const stop = STOPS[run(end)] ?? 'unsure';
      const rows = Number(wasm.rows.value);
      learnt.name(table, table.rows, rows, blockAt);
      table.rows = rows;
      const at = Math.min(Number(wasm.at.value), end);
      const line = Number(wasm.line.value);
      if (stop !== 'unsure') return { at, line, stop, refused, declined };
      position = { at, line };
      const step = stepOver(block, position, table, dialect.decodeLine, refused);
      if (typeof step === 'string') return { ...position, stop: step, refused, declined };
      // What the kernel had read of the line before it gave up.
      if (table.rows === rows && dialect.leavesOut) table.clear(rows, rows + 1);
      position = step;
      declined++;
    }
  };
  return {
    table,
    decode(block, from) {
      checkTrust();
      const run = takeTurn();
      table.open(block.bytes);
      return block.bytes.length <= LARGEST_BLOCK ? decode(run, block, from) : careful.decode(block, from);
    },
  };
}

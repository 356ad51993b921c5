import { jsonLine, textOf } from './careful/json.ts';
import { plainText, positionsIn, type TsvLayout, tsvLines } from './careful/tsv.ts';
import { carefulDecoder } from './careful/walk.ts';
import { fastDecoder } from './fast/decoder.ts';
import { isFastTrusted, kernelMemory, LARGEST_BLOCK, roomIn } from './fast/memory.ts';
import { NEXT_TARGET } from './fast/table.ts';
import type { Decoder } from './kernel.ts';
import type { Plan } from './plan.ts';
import type { Symbols } from './symbols.ts';
import { createTable } from './table.ts';

/** Memory to read blocks into, for one reader at a time. */
interface Room {
  readonly bytes: Buffer;
  /** Somebody else may have it. */
  leave(): void;
}

export { distrustFastPath } from './fast/memory.ts';

let isRoomTaken = false;

/** The fast decoders' own memory, so that nothing need be copied there; where another reader has it, some of one's own. */
export function takeRoom(): Room {
  const memory = isFastTrusted() && !isRoomTaken ? kernelMemory() : undefined;
  if (!memory) return { bytes: Buffer.allocUnsafeSlow(LARGEST_BLOCK), leave() {} };
  isRoomTaken = true;
  return {
    bytes: roomIn(memory),
    leave() {
      isRoomTaken = false;
    },
  };
}

/** Separated values under a header. */
export const openTsv = (layout: TsvLayout, plan: Plan, symbols: Symbols): Decoder =>
  fastTsv(layout, plan, symbols) ?? carefulDecoder(createTable(plan, symbols), tsvLines(layout, plan));

/** JSON, one object a line. */
export const openJson = (plan: Plan, symbols: Symbols): Decoder =>
  fastJson(plan, symbols) ?? carefulDecoder(createTable(plan, symbols), jsonLine);

function fastTsv(layout: TsvLayout, plan: Plan, symbols: Symbols): Decoder | undefined {
  const separator = Buffer.from(layout.separator);
  const { names, unset, empty } = layout;
  if (!isFastTrusted() || separator.length !== 1 || names.length === 0 || plan.length === 0) return undefined;
  return fastDecoder(plan, symbols, {
    name: `separated values, ${empty} for the empty one`,
    textOf: raw => plainText(raw, layout),
    decodeLine: tsvLines(layout, plan),
    leavesOut: false,
    write(program, targets) {
      const positions = positionsIn(layout, plan);
      const wanting = (position: number, from: number): number => targets[positions.indexOf(position, from)] ?? 0;
      targets.forEach((target, index) => {
        program.put(target + NEXT_TARGET, wanting(positions[index] ?? 0, index + 1));
      });
      const first = program.words(names.map((_, position) => wanting(position, 0)));
      const unsetAt = program.text(unset);
      return wasm => {
        wasm.layOut(separator[0] ?? 0, names.length, first, unsetAt, Buffer.byteLength(unset));
        return wasm.decodeTsv;
      };
    },
  });
}

const fastJson = (plan: Plan, symbols: Symbols): Decoder | undefined =>
  isFastTrusted()
    ? fastDecoder(plan, symbols, {
        name: 'JSON',
        textOf: raw => (isPlainString(raw) ? raw.slice(1, -1) : textOf(JSON.parse(raw))),
        decodeLine: jsonLine,
        leavesOut: true,
        write(program) {
          const keys = program.keys(plan);
          const ranks = program.words(plan.map(() => 0));
          return wasm => {
            wasm.layOutKeys(keys, ranks, plan.length);
            return wasm.decodeJson;
          };
        },
      })
    : undefined;

const isPlainString = (raw: string): boolean => raw.startsWith('"') && !raw.includes('\\');

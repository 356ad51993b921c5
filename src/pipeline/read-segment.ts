import path from 'node:path';
import { createMixture, type Mixture } from '../decode/mixture.ts';
import type { Reader } from '../decode/reading.ts';
import { asLines } from '../decode/shapes/shapes.ts';
import { unpackedAhead } from '../input/ahead.ts';
import { blocksOf } from '../input/blocks.ts';
import { type ByteStream, cut, type Meter, PRINT } from '../input/byte-stream.ts';
import { BrokenSource, bytesOf, INTERRUPTED, type Inlet, linesIn } from '../input/bytes.ts';
import { containerOf, natureOf } from '../input/nature.ts';
import type { Segment } from '../input/segments.ts';
import type { Shape } from '../input/shape.ts';
import { takeRoom } from '../kernel/open.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { SourceReport } from './source-report.ts';

interface Handlers extends Pick<Reader, 'watcherOf' | 'refused'>, Inlet {
  readonly symbols: Symbols;
  readonly meter: Meter;
}

/** What became of a segment, and what its neighbours must agree on. */
export interface SegmentReport extends Omit<SourceReport, 'logs' | 'spans' | 'outside'> {
  /** The first byte, and the one after the last; undefined is the end of the source. */
  readonly from: number;
  readonly to: number | undefined;
  /** How lines were being read before its first one and after its last. */
  readonly opening: string;
  readonly closing: string;
  /** How many lines of the source earlier runs have read. */
  readonly linesBefore: number;
  /** Of what was read to its end: how much text that was, how it begins, and how it ends. */
  readonly text?: { readonly bytes: number; readonly head: Uint8Array; readonly tail: Uint8Array };
}

/**
 * Reads one segment from its first line to its last, and says what it was. Content decides; names are not asked. `opened`
 * are its bytes, where they are not a file's own.
 */
export async function readSegment(segment: Segment, handlers: Handlers, opened?: ByteStream): Promise<SegmentReport> {
  const { source, from, to, prelude, isUnpackedAhead, isPacked = false } = segment;
  const { interrupt, meter } = handlers;
  const tally = createTally(handlers);
  const open = (): Mixture => createMixture(handlers.symbols, { fileName: path.basename(source.name) });
  let formats = open();
  let opening = '';
  const isWhole = from === 0 && to === undefined;
  let lines = 0;
  let nature: string | undefined;
  let broken: string | undefined;
  let shape: Shape | undefined;
  const ends = createEnds();
  const { bytes: room, leave } = takeRoom();
  try {
    const hear = async (length: number): Promise<void> => {
      if (length === 0) return;
      const beginning = isPacked
        ? cut(
            bytesOf(source, handlers, () => {}),
            0,
            length,
          )
        : linesIn(source, 0, length);
      for await (const piece of blocksOf(beginning, { room })) {
        interrupt.throwIfAborted();
        if (piece.kind === 'lines') formats.read({ bytes: piece.bytes, line: 1 }, deaf);
      }
      opening = formats.state();
    };
    await hear(prelude);
    const { closing } = source.part?.from === from ? source.part : {};
    if (closing !== undefined && closing !== opening && prelude < from) {
      // What an earlier run learnt of its form stands further on than the prelude.
      formats = open();
      await hear(from);
    }
    interrupt.throwIfAborted();
    const here = (): ByteStream => {
      if (isWhole) return opened ?? bytesOf(source, handlers, meter);
      return isPacked ? cut(bytesOf(source, handlers, meter), from) : linesIn(source, from, to, meter);
    };
    const stored = isUnpackedAhead ? unpackedAhead(source, meter, { fail: brokenSource, without: here }) : here();
    const told = isWhole ? await asLines(stored) : { bytes: stored, shape: undefined };
    shape = told.shape;
    for await (const piece of blocksOf(told.bytes, { room, isMiddle: from > 0 })) {
      interrupt.throwIfAborted();
      if (piece.kind === 'too-long') {
        lines++;
        ends.skip(piece.bytes + 1);
        formats.refuse({ reason: `a line of ${piece.bytes} bytes, longer than any record`, line: lines }, tally.reader);
        continue;
      }
      // An archive holds logs among lines of its own: it is not read by half.
      const container = from === 0 && lines === 0 ? containerOf(piece.bytes) : undefined;
      if (container !== undefined) {
        nature = container;
        break;
      }
      if (to === undefined) {
        if (piece.mark) ends.see(piece.mark);
        ends.see(piece.bytes);
      }
      lines += formats.read({ bytes: piece.bytes, line: lines + 1 }, tally.reader);
      if (!formats.areKnown) nature ??= natureOf(piece.bytes);
      if (formats.areHopeless) break;
    }
  } catch (error) {
    if (interrupt.aborted) broken = INTERRUPTED;
    else if (error instanceof BrokenSource) broken = error.message;
    else throw error;
  } finally {
    leave();
  }
  return {
    ...{ source, from, to, lines, opening, closing: formats.state() },
    linesBefore: source.part?.from === from ? source.part.lines : 0,
    ...(to === undefined && { text: ends.seen() }),
    ...tally.counts(),
    ...{ formats: formats.formats, dialects: formats.dialects, doubts: formats.doubts, coverage: formats.coverage() },
    ...(shape !== undefined && { shape }),
    ...(!formats.areKnown && broken === undefined && { nature: nature ?? formats.firstReason ?? emptiness(lines) }),
    ...(broken !== undefined && { broken }),
  };
}

const brokenSource = (reason: string): BrokenSource => new BrokenSource(reason);

const emptiness = (lines: number): string => (lines === 0 ? 'an empty file' : 'nothing but blank lines and comments');

/** Hears nothing of what is read again. */
const deaf: Reader = { watcherOf: () => () => {}, refused() {}, passed() {} };

/** The beginning and the end of a text, by which it is known again. */
function createEnds() {
  let bytes = 0;
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  return {
    see(piece: Buffer): void {
      bytes += piece.length;
      if (head.length < PRINT) head = Buffer.concat([head, piece.subarray(0, PRINT - head.length)]);
      tail = Buffer.concat([tail, piece.subarray(-PRINT)]).subarray(-PRINT);
    },
    /** A line that is in nobody's memory. */
    skip(length: number): void {
      bytes += length;
      tail = Buffer.alloc(0);
    },
    seen: () => ({ bytes, head, tail }),
  };
}

/** Counts what nobody watches. */
function createTally({ watcherOf, refused }: Handlers) {
  const passed = new Map<string, number>();
  let bad = 0;
  const reader: Reader = {
    watcherOf,
    refused(reason, line) {
      bad++;
      refused(reason, line);
    },
    passed(log) {
      passed.set(log, (passed.get(log) ?? 0) + 1);
    },
  };
  return { reader, counts: () => ({ passed, bad }) };
}

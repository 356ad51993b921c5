import path from 'node:path';
import { createMixture } from '../decode/mixture.ts';
import type { Reader } from '../decode/reading.ts';
import { asLines } from '../decode/shapes/shapes.ts';
import { unpackedAhead } from '../input/ahead.ts';
import { blocksOf } from '../input/blocks.ts';
import type { ByteStream, Meter } from '../input/byte-stream.ts';
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
  /** The first byte. */
  readonly from: number;
  /** How lines were being read before its first one and after its last. */
  readonly opening: string;
  readonly closing: string;
}

/**
 * Reads one segment from its first line to its last, and says what it was. Content decides; names are not asked. `opened`
 * are its bytes, where they are not a file's own.
 */
export async function readSegment(segment: Segment, handlers: Handlers, opened?: ByteStream): Promise<SegmentReport> {
  const { source, from, to, prelude, isUnpackedAhead } = segment;
  const { interrupt, meter } = handlers;
  const tally = createTally(handlers);
  const formats = createMixture(handlers.symbols, { fileName: path.basename(source.name) });
  const isWhole = from === 0 && to === undefined;
  let lines = 0;
  let nature: string | undefined;
  let broken: string | undefined;
  let opening = '';
  let shape: Shape | undefined;
  const { bytes: room, leave } = takeRoom();
  try {
    for await (const piece of prelude > 0 ? blocksOf(linesIn(source, 0, prelude), { room }) : []) {
      interrupt.throwIfAborted();
      if (piece.kind === 'lines') formats.read({ bytes: piece.bytes, line: 1 }, deaf);
    }
    opening = formats.state();
    interrupt.throwIfAborted();
    const here = (): ByteStream =>
      isWhole ? (opened ?? bytesOf(source, handlers, meter)) : linesIn(source, from, to, meter);
    const stored = isUnpackedAhead ? unpackedAhead(source, meter, { fail: brokenSource, without: here }) : here();
    const told = isWhole ? await asLines(stored) : { bytes: stored, shape: undefined };
    shape = told.shape;
    for await (const piece of blocksOf(told.bytes, { room, isMiddle: from > 0 })) {
      interrupt.throwIfAborted();
      if (piece.kind === 'too-long') {
        lines++;
        formats.refuse({ reason: `a line of ${piece.bytes} bytes, longer than any record`, line: lines }, tally.reader);
        continue;
      }
      // An archive holds logs among lines of its own: it is not read by half.
      const container = from === 0 && lines === 0 ? containerOf(piece.bytes) : undefined;
      if (container !== undefined) {
        nature = container;
        break;
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
    ...{ source, from, lines, opening, closing: formats.state() },
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

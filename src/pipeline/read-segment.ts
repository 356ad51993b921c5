import { formatOf } from '../decode/formats.ts';
import type { Reader, Reading } from '../decode/reading.ts';
import { unpackedAhead } from '../input/ahead.ts';
import { blocksOf } from '../input/blocks.ts';
import type { ByteStream, Meter } from '../input/byte-stream.ts';
import { BrokenSource, bytesOf, INTERRUPTED, type Inlet, linesIn } from '../input/bytes.ts';
import { containerOf, natureOf } from '../input/nature.ts';
import type { Segment } from '../input/segments.ts';
import { lineAt } from '../kernel/careful/walk.ts';
import type { Block, Position } from '../kernel/kernel.ts';
import { takeRoom } from '../kernel/open.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { SourceReport } from './source-report.ts';

interface Handlers extends Pick<Reader, 'watcherOf' | 'refused'>, Inlet {
  readonly symbols: Symbols;
  readonly meter: Meter;
}

/** What became of a segment, and what its neighbours must agree on. */
export interface SegmentReport extends Omit<SourceReport, 'logs' | 'span' | 'outside'> {
  /** How lines were being read before its first one and after its last. */
  readonly opening: string;
  readonly closing: string;
}

/** Reads one segment from its first line to its last, and says what it was. Content decides; names are not asked. */
export async function readSegment(segment: Segment, handlers: Handlers): Promise<SegmentReport> {
  const { source, from, to, prelude, isUnpackedAhead } = segment;
  const { interrupt, meter } = handlers;
  const tally = createTally(handlers);
  const formats = createFormats(handlers.symbols);
  const isWhole = from === 0 && to === undefined;
  let lines = 0;
  let nature: string | undefined;
  let broken: string | undefined;
  let opening = '';
  const { bytes: room, leave } = takeRoom();
  try {
    for await (const piece of prelude > 0 ? blocksOf(linesIn(source, 0, prelude), { room }) : []) {
      interrupt.throwIfAborted();
      if (piece.kind === 'lines') formats.read({ bytes: piece.bytes, line: 1 }, deaf);
    }
    opening = formats.state();
    interrupt.throwIfAborted();
    const here = (): ByteStream => (isWhole ? bytesOf(source, handlers, meter) : linesIn(source, from, to, meter));
    const bytes = isUnpackedAhead ? unpackedAhead(source, meter, { fail: brokenSource, without: here }) : here();
    for await (const piece of blocksOf(bytes, { room, isMiddle: from > 0 })) {
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
    ...{ source, lines, opening, closing: formats.state() },
    ...tally.counts(),
    ...formats.report(),
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

/** How far into a source its first record must stand. */
const LINES_BEFORE_GIVING_UP = 10_000;

interface Refused {
  readonly reason: string;
  readonly line: number;
}

/**
 * The formats of one source: chosen by its first line that has one, and again wherever a line is not of the format in
 * use, so that streams may be put together from several logs, and even mix them line by line.
 */
function createFormats(symbols: Symbols) {
  const readings = new Map<unknown, Reading>();
  let current: Reading | undefined;
  /** Lines before the first record: bad ones if a record comes, else signs that this is no log. */
  let early: Refused[] = [];

  const refuse = (refused: Refused, reader: Reader): void => {
    if (current) reader.refused(refused.reason, refused.line);
    else early.push(refused);
  };

  /** Chooses the reading for the line at a position, or passes over it. */
  const place = (block: Block, position: Position, reader: Reader): Position => {
    const { text, next } = lineAt(block.bytes, position.at);
    const line = block.line + position.line;
    const format = formatOf(text);
    const after = { at: next, line: position.line + 1 };
    if ('reason' in format) {
      const waiting = [...readings.values()].find(reading => reading !== current && reading.takes(text));
      if (waiting) {
        current = waiting;
        return position;
      }
      const isNothing = text.startsWith('#') || (!current && text === '');
      const isText = current !== undefined && !text.startsWith('{');
      if (!isNothing) refuse({ reason: isText ? 'not a JSON object' : format.reason, line }, reader);
      return after;
    }
    const reading = readings.get(format.open) ?? format.open(symbols);
    if (reading === current) {
      refuse({ reason: 'not a record of its log', line }, reader);
      return after;
    }
    readings.set(format.open, reading);
    current = reading;
    for (const refused of early) refuse(refused, reader);
    early = [];
    return position;
  };

  const areHopeless = (): boolean => early.length >= LINES_BEFORE_GIVING_UP;

  return {
    refuse,
    /** Reads a block to its end, and returns how many lines it had. */
    read(block: Block, reader: Reader): number {
      let position: Position = { at: 0, line: 0 };
      while (position.at < block.bytes.length && !areHopeless()) {
        if (current) position = current.read(block, position, reader);
        if (position.at < block.bytes.length) position = place(block, position, reader);
      }
      return position.line;
    },
    get areKnown() {
      return current !== undefined;
    },
    get areHopeless() {
      return areHopeless();
    },
    get firstReason() {
      return early[0]?.reason;
    },
    /** The same wherever lines are being read the same way. */
    state: () => [current?.format, ...[...readings.values()].map(({ header }) => header)].filter(Boolean).join(' '),
    report: () => ({
      formats: [...readings.values()].map(({ format }) => format),
      coverage: [...readings.values()].flatMap(reading => reading.coverage()),
    }),
  };
}

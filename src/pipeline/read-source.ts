import type { Readable } from 'node:stream';
import type { Span } from '../baseline/acquaintance.ts';
import { formatOf } from '../decode/formats.ts';
import type { Coverage, Format, Place, Reader, Reading } from '../decode/reading.ts';
import type { LogEvent } from '../event/event.ts';
import { blocksOf } from '../input/blocks.ts';
import { BrokenSource, bytesOf } from '../input/bytes.ts';
import { containerOf, natureOf } from '../input/nature.ts';
import type { Source } from '../input/sources.ts';
import { lineAt } from '../kernel/careful/walk.ts';
import type { Block, Position } from '../kernel/kernel.ts';
import type { Symbols } from '../kernel/symbols.ts';

/** What became of a source. */
export interface SourceReport {
  readonly source: Source;
  readonly formats: readonly Format[];
  /** Events by log, as far as they were wanted. */
  readonly logs: ReadonlyMap<string, number>;
  /** Sound records of logs that no rule reads. */
  readonly passed: ReadonlyMap<string, number>;
  readonly bad: number;
  /** When the wanted events happened. */
  readonly span: Span | undefined;
  /** Events that were not wanted. */
  readonly outside: number;
  readonly coverage: readonly Coverage[];
  /** Why it is no log; then nothing of it was used. */
  readonly nature?: string;
  /** Why it ended before its end. */
  readonly broken?: string;
}

interface Handlers {
  readonly symbols: Symbols;
  readonly stdin: Readable;
  /** Returns whether the event is wanted. */
  event(event: LogEvent, place: Place): boolean;
  refused(reason: string, line: number): void;
}

/** Reads one source from its first line to its last, and says what it was. Content decides; names are not asked. */
export async function readSource(source: Source, handlers: Handlers): Promise<SourceReport> {
  const tally = createTally(handlers);
  const formats = createFormats(handlers.symbols, tally.reader);
  let nextLine = 1;
  let nature: string | undefined;
  let broken: string | undefined;
  try {
    for await (const piece of blocksOf(bytesOf(source, handlers.stdin))) {
      if (piece.kind === 'too-long') {
        formats.refuse({ reason: `a line of ${piece.bytes} bytes, longer than any record`, line: nextLine });
        nextLine++;
        continue;
      }
      // An archive holds logs among lines of its own: it is not read by half.
      const container = nextLine === 1 ? containerOf(piece.bytes) : undefined;
      if (container !== undefined) {
        nature = container;
        break;
      }
      nextLine += formats.read({ bytes: piece.bytes, line: nextLine });
      if (!formats.areKnown) nature ??= natureOf(piece.bytes);
      if (formats.areHopeless) break;
    }
  } catch (error) {
    if (!(error instanceof BrokenSource)) throw error;
    broken = error.message;
  }
  return {
    source,
    ...tally.counts(),
    ...formats.report(),
    ...(!formats.areKnown &&
      broken === undefined && { nature: nature ?? formats.firstReason ?? emptiness(nextLine - 1) }),
    ...(broken !== undefined && { broken }),
  };
}

const emptiness = (lines: number): string => (lines === 0 ? 'an empty file' : 'nothing but blank lines and comments');

/** Counts what goes by. */
function createTally(handlers: Handlers) {
  const logs = new Map<string, number>();
  const passed = new Map<string, number>();
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let bad = 0;
  let outside = 0;
  // A run of events of one log is added when it ends.
  let log = '';
  let run = 0;
  const addRun = (): void => {
    if (run > 0) logs.set(log, (logs.get(log) ?? 0) + run);
    run = 0;
  };
  const reader: Reader = {
    event(event, place) {
      if (!handlers.event(event, place)) {
        outside++;
        return;
      }
      if (place.log !== log) {
        addRun();
        log = place.log;
      }
      run++;
      const { time } = event;
      if (time < from) from = time;
      if (time > to) to = time;
    },
    refused(reason, line) {
      bad++;
      handlers.refused(reason, line);
    },
    passed(log) {
      passed.set(log, (passed.get(log) ?? 0) + 1);
    },
  };
  return {
    reader,
    counts() {
      addRun();
      return { logs, passed, span: from <= to ? { from, to } : undefined, bad, outside };
    },
  };
}

/** How far into a source its first record must stand. */
const LINES_BEFORE_GIVING_UP = 100;

interface Refused {
  readonly reason: string;
  readonly line: number;
}

/**
 * The formats of one source: chosen by its first line that has one, and again wherever a line is not of the format in
 * use, so that streams may be put together from several logs, and even mix them line by line.
 */
function createFormats(symbols: Symbols, reader: Reader) {
  const readings = new Map<unknown, Reading>();
  let current: Reading | undefined;
  /** Lines before the first record: bad ones if a record comes, else signs that this is no log. */
  let early: Refused[] = [];

  const refuse = (refused: Refused): void => {
    if (current) reader.refused(refused.reason, refused.line);
    else early.push(refused);
  };

  /** Chooses the reading for the line at a position, or passes over it. */
  const place = (block: Block, position: Position): Position => {
    const { text, next } = lineAt(block.bytes, position.at);
    const line = block.line + position.line;
    const format = formatOf(text);
    const after = { at: next, line: position.line + 1 };
    if ('reason' in format) {
      const isNothing = !current && (text === '' || text.startsWith('#'));
      if (!isNothing) refuse({ reason: format.reason, line });
      return after;
    }
    const reading = readings.get(format.open) ?? format.open(symbols);
    if (reading === current) {
      refuse({ reason: 'not a record of its log', line });
      return after;
    }
    readings.set(format.open, reading);
    current = reading;
    for (const refused of early) refuse(refused);
    early = [];
    return position;
  };

  const areHopeless = (): boolean => early.length >= LINES_BEFORE_GIVING_UP;

  return {
    refuse,
    /** Reads a block to its end, and returns how many lines it had. */
    read(block: Block): number {
      let position: Position = { at: 0, line: 0 };
      while (position.at < block.bytes.length && !areHopeless()) {
        if (current) position = current.read(block, position, reader);
        if (position.at < block.bytes.length) position = place(block, position);
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
    report: () => ({
      formats: [...readings.values()].map(({ format }) => format),
      coverage: [...readings.values()].flatMap(reading => reading.coverage()),
    }),
  };
}

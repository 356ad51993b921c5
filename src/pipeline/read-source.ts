import type { Readable } from 'node:stream';
import type { Span } from '../baseline/baseline.ts';
import { formatOf } from '../decode/formats.ts';
import type { Coverage, Format, Place, Reading } from '../decode/reading.ts';
import type { LogEvent } from '../event/event.ts';
import { blocksOf } from '../input/blocks.ts';
import { BrokenSource, bytesOf } from '../input/bytes.ts';
import { natureOf } from '../input/nature.ts';
import type { Source } from '../input/sources.ts';
import type { Block, Position } from '../kernel/kernel.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { lineAt } from '../kernel/walk.ts';
import { spanWith } from './observer.ts';

/** What became of a source. */
export interface SourceReport {
  readonly source: Source;
  readonly formats: readonly Format[];
  /** Events by log, as far as they were read. */
  readonly logs: ReadonlyMap<string, number>;
  /** Sound records of logs that no rule reads. */
  readonly passed: ReadonlyMap<string, number>;
  readonly bad: number;
  readonly span: Span | undefined;
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

/** How far into a source its first record must stand. */
const LINES_BEFORE_GIVING_UP = 100;

/** Reads one source from its first line to its last, and says what it was. Content decides; names are not asked. */
export async function readSource(source: Source, { symbols, stdin, ...handlers }: Handlers): Promise<SourceReport> {
  const logs = new Map<string, number>();
  const passed = new Map<string, number>();
  const readings = new Map<unknown, Reading>();
  let current: Reading | undefined;
  let span: Span | undefined;
  let bad = 0;
  let nextLine = 1;
  let early: { readonly reason: string; readonly line: number }[] = [];
  let nature: string | undefined;
  let broken: string | undefined;

  const refuse = (reason: string, line: number): void => {
    bad++;
    handlers.refused(reason, line);
  };
  const reader = {
    event(event: LogEvent, place: Place): void {
      if (!handlers.event(event, place)) return;
      logs.set(place.log, (logs.get(place.log) ?? 0) + 1);
      span = spanWith(span, event.time);
    },
    refused: refuse,
    passed(log: string): void {
      passed.set(log, (passed.get(log) ?? 0) + 1);
    },
  };
  /** Chooses a reading by the line at a position; a line that tells nothing is passed over. */
  const place = (block: Block, at: Position): Position => {
    const { text, next } = lineAt(block.bytes, at.at);
    const format = formatOf(text);
    const after = { at: next, line: at.line + 1 };
    if ('open' in format) {
      const reading = readings.get(format.open) ?? format.open(symbols);
      readings.set(format.open, reading);
      if (reading !== current) {
        current = reading;
        for (const { reason, line } of early) refuse(reason, line);
        early = [];
        return at;
      }
      refuse('not a record of its log', block.line + at.line);
      return after;
    }
    const isComment = text === '' || text.startsWith('#');
    if (current) refuse(format.reason, block.line + at.line);
    else if (!isComment) early.push({ reason: format.reason, line: block.line + at.line });
    return after;
  };

  try {
    for await (const piece of blocksOf(bytesOf(source, stdin))) {
      if (piece.kind === 'too-long') {
        refuse(`a line of ${piece.bytes} bytes, longer than any record`, nextLine);
        nextLine++;
        continue;
      }
      const block = { bytes: piece.bytes, line: nextLine };
      let position: Position = { at: 0, line: 0 };
      while (position.at < block.bytes.length && early.length < LINES_BEFORE_GIVING_UP) {
        if (current) position = current.read(block, position, reader);
        if (position.at < block.bytes.length) position = place(block, position);
      }
      nextLine += position.line;
      if (!current) nature ??= natureOf(block.bytes);
      if (early.length >= LINES_BEFORE_GIVING_UP) break;
    }
  } catch (error) {
    if (!(error instanceof BrokenSource)) throw error;
    broken = error.message;
  }

  return {
    source,
    formats: [...readings.values()].map(({ format }) => format),
    logs,
    passed,
    bad,
    span,
    coverage: [...readings.values()].flatMap(reading => reading.coverage()),
    ...(!current && !broken && { nature: nature ?? early[0]?.reason ?? 'an empty file' }),
    ...(broken !== undefined && { broken }),
  };
}

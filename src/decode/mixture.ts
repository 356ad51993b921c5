import { lineAt } from '../kernel/careful/walk.ts';
import type { Block, Position } from '../kernel/kernel.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { formatOf } from './formats.ts';
import type { Coverage, Format, Reader, Reading } from './reading.ts';

/** How far into a source its first record must stand. */
const LINES_BEFORE_GIVING_UP = 10_000;

interface Refused {
  readonly reason: string;
  readonly line: number;
}

/** Lines of whatever formats they are. */
export interface Mixture {
  /** Reads a block to its end, and returns how many lines it had. */
  read(block: Block, reader: Reader): number;
  /** A line that nobody could read. */
  refuse(refused: Refused, reader: Reader): void;
  /** Whether there was a record. */
  readonly areKnown: boolean;
  /** Whether it takes too long for one to come. */
  readonly areHopeless: boolean;
  readonly firstReason: string | undefined;
  /** The same wherever lines are being read the same way. */
  state(): string;
  readonly formats: readonly Format[];
  /** The tools or versions that write so, where several write one format. */
  readonly dialects: readonly string[];
  /** What may be wrong with their times. */
  readonly doubts: readonly string[];
  coverage(): readonly Coverage[];
}

/**
 * The formats of one source: chosen by its first line that has one, and again wherever a line is not of the format in
 * use, so that streams may be put together from several logs, and even mix them line by line. Lines before the first
 * record are bad ones if a record comes, else signs that this is no log: so they wait, unless they are `refusedAtOnce`.
 * `depth`: how many records these lines are inside of.
 */
export function createMixture(symbols: Symbols, { fileName = '', refusedAtOnce = false, depth = 0 } = {}): Mixture {
  const readings = new Map<unknown, Reading>();
  const dialects = new Set<string>();
  const doubts = new Set<string>();
  let current: Reading | undefined;
  let early: Refused[] = [];

  const refuse = (refused: Refused, reader: Reader): void => {
    if (current || refusedAtOnce) reader.refused(refused.reason, refused.line);
    else early.push(refused);
  };

  /** Chooses the reading for the line at a position, or passes over it. */
  const place = (block: Block, position: Position, reader: Reader): Position => {
    const { text, next } = lineAt(block.bytes, position.at);
    const line = block.line + position.line;
    const format = formatOf(text, depth);
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
    const reading = readings.get(format.open) ?? format.open(symbols, { fileName, createInner });
    if (reading === current) {
      refuse({ reason: 'not a record of its log', line }, reader);
      return after;
    }
    readings.set(format.open, reading);
    if (format.dialect !== undefined) dialects.add(format.dialect);
    if (format.doubt !== undefined) doubts.add(format.doubt);
    current = reading;
    for (const refused of early) refuse(refused, reader);
    early = [];
    return position;
  };

  const createInner = (): Mixture => createMixture(symbols, { fileName, refusedAtOnce: true, depth: depth + 1 });

  const areHopeless = (): boolean => early.length >= LINES_BEFORE_GIVING_UP;

  return {
    refuse,
    read(block, reader) {
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
    state: () =>
      [current?.formats.join(), ...[...readings.values()].map(({ header }) => header)].filter(Boolean).join(' '),
    get formats() {
      return [...new Set([...readings.values()].flatMap(({ formats }) => formats))];
    },
    get dialects() {
      return [...new Set([...dialects, ...[...readings.values()].flatMap(reading => reading.dialects ?? [])])];
    },
    get doubts() {
      return [...doubts];
    },
    coverage: () => [...readings.values()].flatMap(reading => reading.coverage()),
  };
}

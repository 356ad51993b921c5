import type { EventKind } from '../event/event.ts';
import type { Block, Position, Progress } from '../kernel/kernel.ts';
import type { Table } from '../kernel/table.ts';
import type { EventCursor, View } from './log.ts';

/** How a source is written, in the words of a summary. */
export type Format = 'zeek-tsv' | 'zeek-json' | 'suricata-eve' | 'windows-events';

/** Which log events are of, and what it can tell. */
export interface Origin {
  readonly log: string;
  readonly kind: EventKind;
  /** The fields that the log has, where a header says so; JSON leaves out what is unset, so that nobody can know. */
  readonly fields: ReadonlySet<string> | undefined;
}

/** Sound records of one log. In which order they are looked at does not matter. */
export interface Records {
  /** Shows one after the other. */
  readonly event: EventCursor;
  /** How many there are. */
  readonly count: number;
  /** The row of each in its table. */
  readonly rows: Uint32Array;
  /** The number of a row's line in the segment, from 1. */
  lineOf(row: number): number;
}

export type Watcher = (records: Records) => void;

/** What becomes of each line. */
export interface Reader {
  /** Who is to see the events of a log. */
  watcherOf(origin: Origin): Watcher;
  /** A line that should be a record and is none. */
  refused(reason: string, line: number): void;
  /** A sound record of a log that no rule reads. */
  passed(log: string): void;
}

/** Which fields of a kind of event a source had, and how it would have those that it had not. */
export interface Coverage {
  readonly kind: EventKind;
  /** The log, as its user calls it. */
  readonly title: string;
  readonly fields: ReadonlySet<string>;
  readonly missing: ReadonlyMap<string, Lack>;
  /** By the records so far, which leave out what is unset, and not by a header: what further records had adds to it. */
  readonly isByRecords: boolean;
}

/** A field that a log lacks. */
export interface Lack {
  /** As the sensor spells it; undefined where the sensor cannot tell it. */
  readonly column: string | undefined;
  /** The sensor's setting that adds it. */
  readonly enable: string | undefined;
}

/** Where lines come from that are to be decoded. */
export interface Surroundings {
  /** The file's own name, which tells what a record is where nothing else does; empty where there is none. */
  readonly fileName: string;
}

/** The decoding of one source: knows its header or its keys, remembers what it has seen. */
export interface Reading {
  /** One; or those of the records inside of others. */
  readonly formats: readonly Format[];
  /** Of those, as far as they are told apart by what is inside of others. */
  readonly dialects?: readonly string[];
  /** What lines are read by that came before: the same for readings that will take the next line the same way. */
  readonly header: string;
  /**
   * Decodes from a position to the end of the block, or to a line of another format, which is then the caller's to
   * place: the position where it stopped is short of the end.
   */
  read(block: Block, from: Position, reader: Reader): Position;
  /** Whether a line that has no sign of any form may be one of those that this has read before, under a header. */
  takes(line: string): boolean;
  coverage(): readonly Coverage[];
}

/** What a batch of rows is delivered as: the name of each row's log, and its view where we read it. */
interface Batch {
  readonly block: Block;
  readonly table: Table;
  readonly refused: Progress['refused'];
  readonly fields?: ReadonlySet<string> | undefined;
  nameAt(row: number): string;
  viewOf(name: string): View | undefined;
}

/** Hands every line of a batch to the reader. */
export function deliver({ block, table, refused, fields, nameAt, viewOf }: Batch, reader: Reader): void {
  for (const { line, reason } of refused) reader.refused(reason, block.line + line);
  const met = new Set<View>();
  for (let from = 0, to = 0; from < table.rows; from = to) {
    const name = nameAt(from);
    for (to = from + 1; to < table.rows && nameAt(to) === name; ) to++;
    const view = viewOf(name);
    if (view) {
      met.add(view);
      for (const row of view.take(from, to, block.line))
        reader.refused(`no usable ${view.missing(row)}`, view.records.lineOf(row));
    } else for (let row = from; row < to; row++) reader.passed(name);
  }
  for (const { log, records, clear } of met) {
    reader.watcherOf({ log: log.name, kind: log.kind, fields })(records);
    clear();
  }
}

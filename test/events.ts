import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Reader, Records } from '../src/decode/reading.ts';
import type { EventKind, LogEvent } from '../src/event/event.ts';
import { createSymbols, type Symbols } from '../src/kernel/symbols.ts';
import { readSegment } from '../src/pipeline/read-segment.ts';

/** An event as a plain object, with addresses and hosts as texts. */
export type PlainEvent = Record<string, unknown> & {
  readonly kind: EventKind;
  readonly log: string;
  readonly line: number;
};

export function plainEvents({ event, rows, count, lineOf }: Records, log: string, symbols: Symbols): PlainEvent[] {
  return [...rows.subarray(0, count)].map(row => {
    event.row = row;
    return { ...plain(event, symbols), log, line: lineOf(row) } as PlainEvent;
  });
}

function plain(event: LogEvent, symbols: Symbols): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  // What an event tells are properties of its class; of its own it has only where it stands.
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(event))) {
    if (!/^(constructor|row|mark|tellWords|takeWhole|derived.*)$/.test(name)) copy[name] = Reflect.get(event, name);
  }
  for (const name of ['originator', 'responder', 'host', 'account']) {
    if (typeof copy[name] === 'number') copy[name] = symbols.addressText(copy[name]);
  }
  return copy;
}

/** Reads a file from its first line to its last. */
export const readFile = (
  name: string,
  symbols: Symbols,
  { watcherOf, refused }: Pick<Reader, 'watcherOf' | 'refused'>,
) =>
  readSegment(
    {
      source: { name, size: statSync(name).size },
      ...{ from: 0, to: undefined, prelude: 0, isUnpackedAhead: false, isArchive: false },
    },
    {
      ...{ symbols, watcherOf, refused, stdin: Readable.from([]), interrupt: new AbortController().signal },
      meter() {},
    },
  );

/** Everything that is in a file, and what was told of it. */
export async function eventsIn(name: string) {
  const symbols = createSymbols();
  const events: PlainEvent[] = [];
  const refused: string[] = [];
  const report = await readFile(name, symbols, {
    watcherOf:
      ({ log }) =>
      records =>
        events.push(...plainEvents(records, log, symbols)),
    refused: (reason, line) => refused.push(`${line}: ${reason}`),
  });
  return { events, refused, report };
}

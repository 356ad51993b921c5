import type { Symbols } from '../kernel/symbols.ts';
import type { Mixture } from './mixture.ts';
import type { Reading, Surroundings } from './reading.ts';
import { type Json, recordIn } from './record.ts';
import { isEveRecord, openEve } from './suricata/eve.ts';
import { openWindows, windowsDialectOf } from './windows/windows.ts';
import { openWrapping } from './wrapped/wrapping.ts';
import { wrappings } from './wrapped/wrappings.ts';
import { isZeekRecord, openZeekJson, zeekDialectOf } from './zeek/zeek-json.ts';
import { isZeekHeader, openZeekTsv } from './zeek/zeek-tsv.ts';

/** How to read lines of one kind. `createInner` is for those that hold lines of other kinds. */
type Open = (symbols: Symbols, around: Surroundings & { createInner(): Mixture }) => Reading;

interface Format {
  readonly open: Open;
  /** Which of the tools or versions that write it this one is. */
  readonly dialect?: string | undefined;
  /** What may be wrong with its times. */
  readonly doubt?: string | undefined;
}

/** Tried in this order: the strictest signature first. */
const jsonFormats: readonly {
  readonly recognizes: (record: Json) => boolean;
  readonly open: Open;
  readonly dialectOf?: (record: Json) => string | undefined;
  readonly isWrapping?: boolean;
}[] = [
  { recognizes: isEveRecord, open: openEve },
  { recognizes: record => windowsDialectOf(record) !== undefined, open: openWindows, dialectOf: windowsDialectOf },
  ...wrappings.map(wrapping => ({
    recognizes: wrapping.recognizes,
    open: openWrapping(wrapping),
    isWrapping: true,
  })),
  { recognizes: isZeekRecord, open: openZeekJson, dialectOf: zeekDialectOf },
];

/** How to read a source that has this line among its first, in so many others' records; a reason where we cannot. */
export function formatOf(line: string, depth = 0): Format | { readonly reason: string } {
  if (isZeekHeader(line)) return { open: openZeekTsv };
  if (line.startsWith('{')) return jsonFormatOf(line, depth);
  if (line.startsWith('<')) return { reason: 'XML, but no Windows event' };
  return { reason: 'text that is neither JSON nor under a Zeek header (a #fields line)' };
}

/** A record in the record of a shipper, which another one has shipped: deeper than that nobody wraps. */
const DEEPEST = 3;

function jsonFormatOf(line: string, depth: number): Format | { readonly reason: string } {
  const record = recordIn(line);
  if (record === undefined) return { reason: 'damaged JSON' };
  const format = jsonFormats.find(
    ({ recognizes, isWrapping }) => !(isWrapping && depth >= DEEPEST) && recognizes(record),
  );
  if (format) return { open: format.open, dialect: format.dialectOf?.(record), doubt: doubtOf(record) };
  if ('oddtalk' in record) return { reason: 'findings of oddtalk itself' };
  const keys = Object.keys(record).slice(0, 4).join(', ');
  const beginning = keys === '' ? 'it has no keys' : `it begins with ${keys}`;
  return { reason: `JSON, but not as Zeek, Suricata EVE or an export of Windows events writes it (${beginning})` };
}

/** By the times that records are dated by; Sysmon's own UtcTime has no zone, and is what it says. */
const doubtOf = (record: Json): string | undefined =>
  [record.ts, record.timestamp].some(time => typeof time === 'string' && /^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(time))
    ? 'its times have no zone, and are read as UTC'
    : undefined;

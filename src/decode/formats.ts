import type { Symbols } from '../kernel/symbols.ts';
import type { Reading } from './reading.ts';
import { isEveRecord, openEve } from './suricata/eve.ts';
import { isFlatWindowsRecord, openFlatWindows } from './sysmon/flat.ts';
import { isZeekRecord, openZeekJson } from './zeek/zeek-json.ts';
import { isZeekHeader, openZeekTsv } from './zeek/zeek-tsv.ts';

type Open = (symbols: Symbols) => Reading;

/** Tried in this order: the strictest signature first. */
const jsonFormats: readonly {
  readonly recognizes: (record: Readonly<Record<string, unknown>>) => boolean;
  readonly open: Open;
}[] = [
  { recognizes: isEveRecord, open: openEve },
  { recognizes: isFlatWindowsRecord, open: openFlatWindows },
  { recognizes: isZeekRecord, open: openZeekJson },
];

/** How to read a source that has this line among its first; a reason where we cannot. */
export function formatOf(line: string): { readonly open: Open } | { readonly reason: string } {
  if (isZeekHeader(line)) return { open: openZeekTsv };
  if (line.startsWith('{')) return jsonFormatOf(line);
  if (line.startsWith('['))
    return { reason: 'a JSON array, where logs have one object a line (jq -c ".[]" makes it so)' };
  if (line.startsWith('<')) return { reason: 'XML' };
  return { reason: 'text that is neither JSON nor under a Zeek header (a #fields line)' };
}

function jsonFormatOf(line: string): { readonly open: Open } | { readonly reason: string } {
  const record = parsed(line);
  if (record === undefined) {
    const isSpread = line.trim() === '{';
    return { reason: isSpread ? 'JSON over several lines (jq -c . makes it one record a line)' : 'damaged JSON' };
  }
  const format = jsonFormats.find(({ recognizes }) => recognizes(record));
  if (format) return { open: format.open };
  if ('oddtalk' in record) return { reason: 'findings of oddtalk itself' };
  const keys = Object.keys(record).slice(0, 4).join(', ');
  const beginning = keys === '' ? 'it has no keys' : `it begins with ${keys}`;
  return { reason: `JSON, but not as Zeek, Suricata EVE or a flat Sysmon export writes it (${beginning})` };
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

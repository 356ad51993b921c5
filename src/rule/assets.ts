import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { AssetEntry } from '../baseline/assets.ts';
import { reasonOf } from '../input/reason.ts';
import { fileOf } from '../value/home.ts';
import { type Form, readDocument } from './document.ts';

/** A list of assets cannot be used; the message says where, what, and what was expected. */
export class AssetsError extends Error {
  override readonly name = 'AssetsError';
}

/** What hosts are for, from YAML, or from CSV with a column for each thing and blanks or semicolons between tags. */
export function readAssets(file: string): readonly AssetEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AssetsError(`${file}: cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (file.toLowerCase().endsWith('.csv')) return entriesInCsv(text, file);
  return (readDocument(text, file, form).content ?? []) as readonly AssetEntry[];
}

const form: Form = {
  schemaFile: fileOf('rules/assets.schema.json'),
  thing: 'host',
  fail: (message, options) => new AssetsError(message, options),
};

const COLUMNS: ReadonlySet<string> = new Set(['host', 'role', 'owner', 'tags']);

function entriesInCsv(text: string, file: string): readonly AssetEntry[] {
  const records = recordsIn(text, file);
  return records.map(({ record, info }) => {
    const place = `${file}:${info.lines}`;
    const strange = Object.keys(record).find(name => !COLUMNS.has(name));
    if (strange !== undefined)
      throw new AssetsError(`${file}:1: there is no column ${strange}: expected host, and role, owner or tags`);
    const { host = '', role, owner, tags = '' } = record;
    if (host === '') throw new AssetsError(`${place}: host is missing`);
    const words = tags.split(/[\s;]+/).filter(word => word !== '');
    return { host, ...(role && { role }), ...(owner && { owner }), ...(words.length > 0 && { tags: words }) };
  });
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function recordsIn(text: string, file: string): readonly CsvRecord[] {
  try {
    return parse(text, { bom: true, columns: true, trim: true, info: true, skip_empty_lines: true, comment: '#' });
  } catch (cause) {
    const [line, reason] =
      cause instanceof Error && 'lines' in cause ? [cause.lines, cause.message] : [1, String(cause)];
    throw new AssetsError(`${file}:${line}: not valid CSV: ${reason}`, { cause });
  }
}

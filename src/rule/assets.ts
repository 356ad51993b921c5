import { parse } from 'csv-parse/sync';
import type { AssetEntry } from '../baseline/assets.ts';
import { fileOf } from '../value/home.ts';
import { partyOf } from '../value/party.ts';
import { placeIn } from './checked.ts';
import { type Form, readDocument } from './document.ts';
import { textOf } from './text.ts';

/** A list of assets cannot be used; the message says where, what, and what was expected. */
class AssetsError extends Error {
  override readonly name = 'AssetsError';
}

/** What hosts are for, from YAML, or from CSV with a column for each thing, and blanks, semicolons, commas or bars between tags. */
export function readAssets(file: string): readonly AssetEntry[] {
  const text = textOf(file, form.fail);
  if (file.toLowerCase().endsWith('.csv')) return entriesInCsv(text, file);
  const { content, lines } = readDocument(text, file, form);
  const entries = (content ?? []) as readonly AssetEntry[];
  const placeOf = placeIn(file, lines);
  entries.forEach(({ host }, index) => {
    refuseNobody(host, placeOf(`${index}`, 'host'));
  });
  return entries;
}

function refuseNobody(host: string, place: string): void {
  if (!partyOf(host)) throw new AssetsError(`${place}: host: there is no address or network ${host}`);
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
    const { host = '', role, owner, tags = '' } = record;
    if (host === '') throw new AssetsError(`${place}: host is missing`);
    refuseNobody(host, place);
    const words = tags.split(/[\s;,|]+/).filter(word => word !== '');
    return { host, ...(role && { role }), ...(owner && { owner }), ...(words.length > 0 && { tags: words }) };
  });
}

const columnsIn =
  (file: string) =>
  (header: readonly string[]): string[] => {
    const strange = header.find(name => !COLUMNS.has(name));
    if (strange === undefined && header.includes('host')) return [...header];
    const found = strange === undefined ? 'the column host is missing' : `there is no column ${strange}`;
    throw new AssetsError(`${file}:1: ${found}: expected a first line such as host,role,owner,tags`);
  };

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function recordsIn(text: string, file: string): readonly CsvRecord[] {
  try {
    return parse(text, {
      bom: true,
      columns: columnsIn(file),
      trim: true,
      info: true,
      skip_empty_lines: true,
      comment: '#',
    });
  } catch (cause) {
    if (cause instanceof AssetsError) throw cause;
    const [line, reason] =
      cause instanceof Error && 'lines' in cause ? [cause.lines, cause.message] : [1, String(cause)];
    throw new AssetsError(`${file}:${line}: not valid CSV: ${reason}`, { cause });
  }
}

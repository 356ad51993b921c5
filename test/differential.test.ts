import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnyLog, fieldsOf, planOf } from '../src/decode/log.ts';
import { eveLogs } from '../src/decode/suricata/eve.ts';
import { windowsLogs } from '../src/decode/windows/windows.ts';
import { zeekLogs } from '../src/decode/zeek/logs.ts';
import { jsonLine } from '../src/kernel/careful/json.ts';
import { type TsvLayout, tsvLines } from '../src/kernel/careful/tsv.ts';
import { carefulDecoder, lineAt } from '../src/kernel/careful/walk.ts';
import type { Decoder } from '../src/kernel/kernel.ts';
import { openJson, openTsv } from '../src/kernel/open.ts';
import { createSymbols } from '../src/kernel/symbols.ts';
import { createTable, isAbsent, type Table } from '../src/kernel/table.ts';

/** The fast path may decline, never be wrong: both paths must give the same columns for every line that there is. */

/** `FUZZ=100 npx vitest run test/differential.test.ts` looks a hundred times as long. */
const effort = Number(process.env.FUZZ ?? 1);

const symbols = createSymbols();
const planOfAll = (logs: readonly AnyLog[]) => planOf(logs.flatMap(fieldsOf).map(([, field]) => field));
const jsonPlan = planOfAll([...zeekLogs, ...eveLogs, ...windowsLogs]);
const tsvPlan = planOfAll(zeekLogs);

const json = {
  fast: openJson(jsonPlan, symbols),
  careful: carefulDecoder(createTable(jsonPlan, symbols), jsonLine),
};
const tsv = (layout: TsvLayout) => ({
  fast: openTsv(layout, tsvPlan, symbols),
  careful: carefulDecoder(createTable(tsvPlan, symbols), tsvLines(layout, tsvPlan)),
});

const valuesOf = (table: Table, row: number): readonly unknown[] =>
  table.columns.map(column => {
    if (isAbsent(column, row)) return undefined;
    return column.type === 'text' || column.type === 'name' ? column.at(row) : column.values[row];
  });

/** All rows with their lines, all refusals, and all lines that are of another form. */
function allOf({ table, decode }: Decoder, bytes: Buffer) {
  const rows: unknown[] = [];
  let declined = 0;
  let position = { at: 0, line: 0 };
  while (position.at < bytes.length) {
    const progress = decode({ bytes, line: 1 }, position);
    for (let row = 0; row < table.rows; row++) rows.push([table.lines[row], table.starts[row], valuesOf(table, row)]);
    rows.push(...progress.refused);
    declined += progress.declined;
    position = { at: progress.at, line: progress.line };
    if (progress.stop === 'directive' || progress.stop === 'stranger') {
      rows.push([progress.stop, progress.line]);
      position = { at: lineAt(bytes, progress.at).next, line: progress.line + 1 };
    }
  }
  return { rows, declined, lines: position.line };
}

/** Compares both paths, and returns how many lines there were and how many the fast path declined. */
function compared({ fast, careful }: { readonly fast: Decoder; readonly careful: Decoder }, bytes: Buffer) {
  const [quick, slow] = [allOf(fast, bytes), allOf(careful, bytes)];
  expect(quick.rows.length).toBe(slow.rows.length);
  quick.rows.forEach((row, index) => {
    expect(row, `${index}`).toEqual(slow.rows[index]);
  });
  expect(quick.lines).toBe(slow.lines);
  return { lines: quick.lines, declined: quick.declined };
}

/** The parts of a file under each of its headers, with what the header says. */
function sectionsOf(bytes: Buffer): readonly { readonly layout: TsvLayout; readonly body: Buffer }[] {
  const text = bytes.toString('latin1');
  const parts = text.split(/^(?=#separator)/m).filter(part => part.includes('#fields'));
  return parts.map(part => {
    const separator = /^#separator \\x09/.test(part) ? '\t' : ',';
    const names = /^#fields.(.*?)\r?$/m.exec(part)?.[1]?.split(separator) ?? [];
    return { layout: { separator, unset: '-', empty: '(empty)', names }, body: Buffer.from(part, 'latin1') };
  });
}

function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(log|json|ndjson)(\.gz)?$/.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name));
}

function contentOf(file: string): Buffer {
  const bytes = readFileSync(file);
  try {
    return bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
  } catch {
    return Buffer.alloc(0);
  }
}

function comparedFile(file: string) {
  const bytes = contentOf(file);
  const sections = sectionsOf(bytes);
  const counts =
    bytes.subarray(0, 1).toString() === '#'
      ? sections.map(({ layout, body }) => compared(tsv(layout), body))
      : [compared(json, bytes)];
  return {
    lines: counts.reduce((sum, { lines }) => sum + lines, 0),
    declined: counts.reduce((sum, { declined }) => sum + declined, 0),
  };
}

const root = path.join(import.meta.dirname, '..');
const shared = path.join(root, '../shared/data');

test('both paths give the same for every sample, and nearly all lines go the fast way', () => {
  const counts = filesUnder(path.join(root, 'samples')).map(comparedFile);
  const lines = counts.reduce((sum, count) => sum + count.lines, 0);
  expect(lines).toBeGreaterThan(500);
  expect(counts.reduce((sum, { declined }) => sum + declined, 0)).toBeLessThan(lines / 100);
});

const folders = existsSync(shared)
  ? readdirSync(shared, { withFileTypes: true }).filter(entry => entry.isDirectory())
  : [];

describe.skipIf(folders.length === 0)('real logs of others (../shared/data)', () => {
  test.each(folders.map(({ name }) => name))('%s', { timeout: 120_000 }, folder => {
    for (const file of filesUnder(path.join(shared, folder))) comparedFile(file);
  });

  test.each(['brimcap', 'otrf_apt29_day1', 'otrf_atomic', 'suricata_versions', 'zat/json', 'zed_sample'])(
    'nearly all lines of %s go the fast way',
    folder => {
      const counts = filesUnder(path.join(shared, folder)).map(comparedFile);
      const lines = counts.reduce((sum, count) => sum + count.lines, 0);
      expect(lines).toBeGreaterThan(0);
      expect(counts.reduce((sum, { declined }) => sum + declined, 0)).toBeLessThan(lines / 1000);
    },
  );
});

const object = (pairs: readonly (readonly [string, string])[]): string =>
  `{${pairs.map(([name, written]) => `"${name}":${written}`).join(',')}}`;

const inserted = ([line, at, text]: readonly [string, number, string]): string =>
  line.slice(0, at) + text + line.slice(at);

describe('lines that nobody would write, and some that somebody did', () => {
  const key = fc.oneof(
    fc.constantFrom(...jsonPlan.flatMap(({ paths }) => paths.flat())),
    fc.constantFrom('x', '', 'ts\\u0073', 'dns', 'id', '\\u0074s', 'é'),
  );
  const scalar = fc.oneof(
    fc.constantFrom(
      '0',
      '-0',
      '007',
      '1.',
      '.5',
      '1e5',
      '-12',
      '1E400',
      '12345678901234567890',
      '0.1',
      '1588205199.82437',
    ),
    fc.constantFrom(
      '1767571200.123456',
      '1767571200.1234567',
      '4102444800',
      '99999999999',
      '-1.5',
      'NaN',
      '+1',
      '0x10',
      '',
    ),
    fc.constantFrom(
      'true',
      'false',
      'null',
      'tru',
      'nul',
      'True',
      '"T"',
      '"F"',
      '"true"',
      '"False"',
      '"TRUE"',
      '"tr\\u0075e"',
    ),
    fc.constantFrom(
      '"10.0.0.1"',
      '"256.1.1.1"',
      '"1.2.3"',
      '"01.2.3.4"',
      '"::1"',
      '"::ffff:1.2.3.4"',
      '"fe80::1%eth0"',
      '"1.2.3.4 "',
    ),
    fc.constantFrom(
      '"2026-01-05T08:00:09.123456+0100"',
      '"2026-02-29 00:00:00"',
      '"2024-02-29 23:59:60"',
      '"2026-01-05T08:00Z"',
    ),
    // Times of few minutes follow one another, and are not read anew but for their seconds.
    fc
      .tuple(
        fc.constantFrom('2026-01-05T08:00:', '2026-01-05T08:01:', '2026-01-05 08:00:', '2026-01-05T08:00.'),
        fc.constantFrom('00.000000', '59.999999', '09.12345', '60.000000', '1a.000000', '09.12345a', '09,123456'),
        fc.constantFrom('', 'Z', '+0100', '+01:00', '-0100', '+01000', '+0100 '),
      )
      .map(parts => JSON.stringify(parts.join(''))),
    fc.constantFrom(
      '"2026-13-01T00:00:00Z"',
      '"1969-12-31T23:59:59Z"',
      '"2026-01-05T08:00:09,5Z"',
      '"2026-01-05T08:00:09.Z"',
    ),
    fc.constantFrom(
      '"a\\"b"',
      '"\\ud83d\\ude00"',
      '"\\x41"',
      '"\\u12"',
      '"tab\there"',
      '"nul\u0000"',
      '"\u007f"',
      '"ü\ud83d"',
      '"',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }).map(text => JSON.stringify(text)),
    fc.double().map(String),
    fc.integer().map(number => `"${number}"`),
  );
  const { value } = fc.letrec<{ value: string }>(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar,
      scalar,
      fc.array(tie('value'), { maxLength: 3 }).map(items => `[${items.join(',')}]`),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map(object),
    ),
  }));
  const jsonText = fc.array(fc.tuple(key, value), { maxLength: 8 }).map(object);

  const word = fc.oneof(
    scalar.map(text => text.replaceAll('"', '')),
    fc.constantFrom('-', '(empty)', '\\x09', 'a\\x2dä', 'T', 'F', 'tcp', 'ShADadFf', '\\', '\\xzz'),
  );
  const layout = {
    separator: '\t',
    unset: '-',
    empty: '(empty)',
    names: tsvPlan.slice(0, 12).map(({ paths }) => paths[0]?.join('.') ?? ''),
  };
  const tsvText = fc.array(word, { minLength: 11, maxLength: 13 }).map(words => words.join('\t'));

  const damaged = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 4, arbitrary: text },
      { weight: 1, arbitrary: fc.tuple(text, fc.nat(60)).map(([line, at]) => line.slice(0, at)) },
      { weight: 1, arbitrary: fc.tuple(text, fc.nat(60), fc.string({ unit: 'binary', maxLength: 3 })).map(inserted) },
      { weight: 1, arbitrary: text.map(line => ` ${line.replaceAll(',', ', ').replaceAll(':', ': ')} `) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '',
          ' ',
          '#fields\tts',
          '{',
          '{}',
          '[]',
          '\0\0',
          '\r',
          '{"ts":1}garbage',
          '{"ts":1}\0',
        ),
      },
    );
  const file = (text: fc.Arbitrary<string>) =>
    fc
      .tuple(
        fc.array(fc.tuple(damaged(text), fc.constantFrom('\n', '\n', '\r\n', '\0\n')), {
          minLength: 25,
          maxLength: 60,
        }),
        fc.boolean(),
      )
      .map(([lines, isClosed]) => lines.map(([line, end]) => line + end).join('') + (isClosed ? '' : '{"ts":1'));

  test.each([
    ['JSON', jsonText, json],
    ['separated values', tsvText, tsv(layout)],
  ])('%s, over 20,000 lines', { timeout: 120_000 * effort }, (_, text, paths) => {
    let [lines, declined] = [0, 0];
    fc.assert(
      fc.property(file(text), content => {
        const counts = compared(paths, Buffer.from(content));
        lines += counts.lines;
        declined += counts.declined;
      }),
      { numRuns: 900 * effort },
    );
    expect(lines).toBeGreaterThan(20_000);
    expect(lines - declined).toBeGreaterThan(2000);
  });

  test('a time is read as it stands, whatever time came before it', () => {
    const minute = '2026-01-05T08:00:';
    const times = ['09.1+0100', '10.123456', '09.123+0100', '10.12345600', '09.12+0100', '10.1234560', '09.123+01:00']
      .concat(['10.123456:00', '09.123456+01:00', '10.123456+01:00', '09.123456Z', '10.12345Z', '11.123456', '09'])
      .map(rest => minute + rest);
    const pairs = times.flatMap(one => times.flatMap(other => [one, other]));
    compared(json, Buffer.from(pairs.map(ts => `${JSON.stringify({ ts })}\n`).join('')));
  });

  test('real lines with bytes of chance in them', { timeout: 120_000 * effort }, () => {
    const bytes = Buffer.concat(
      filesUnder(path.join(root, 'samples'))
        .filter(name => /json$/.test(name))
        .map(contentOf),
    );
    fc.assert(
      fc.property(
        fc.nat(bytes.length - 2000),
        fc.array(fc.tuple(fc.nat(1999), fc.nat(255)), { maxLength: 20 }),
        (from, changes) => {
          const part = Buffer.from(bytes.subarray(from, from + 2000));
          for (const [at, byte] of changes) part[at] = byte;
          compared(json, part);
        },
      ),
      { numRuns: 2000 * effort },
    );
  });
});

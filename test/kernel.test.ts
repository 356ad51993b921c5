import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonLine } from '../src/kernel/careful/json.ts';
import { tsvLines } from '../src/kernel/careful/tsv.ts';
import { carefulDecoder } from '../src/kernel/careful/walk.ts';
import type { Decoder } from '../src/kernel/kernel.ts';
import { openJson, openTsv } from '../src/kernel/open.ts';
import type { PlanColumn } from '../src/kernel/plan.ts';
import { createSymbols } from '../src/kernel/symbols.ts';
import { createTable, isAbsent, type Table } from '../src/kernel/table.ts';

const plan: readonly PlanColumn[] = [
  { paths: [['ts']], type: 'time' },
  { paths: [['id.orig_h'], ['id', 'orig_h'], ['id_orig_h']], type: 'address' },
  { paths: [['port']], type: 'number' },
  { paths: [['service']], type: 'symbol' },
  { paths: [['uri']], type: 'text' },
  { paths: [['local']], type: 'boolean' },
];

const symbols = createSymbols();

/** The rows of a table as plain values, absent ones as undefined. */
function rowsOf(table: Table): readonly unknown[][] {
  return Array.from({ length: table.rows }, (_, row) =>
    table.columns.map(column => {
      if (isAbsent(column, row)) return undefined;
      if (column.type === 'text' || column.type === 'name') return column.at(row);
      const value = column.values[row];
      if (column.type === 'symbol') return symbols.text(Number(value));
      if (column.type === 'address') return symbols.addressText(Number(value));
      return column.type === 'boolean' ? value === 2 : value;
    }),
  );
}

const layout = {
  separator: '\t',
  unset: '-',
  empty: '(empty)',
  names: ['ts', 'id.orig_h', 'port', 'service', 'uri', 'local', 'extra'],
};

/** Both ways of decoding, behind one face. */
const paths = {
  fast: { tsv: () => openTsv(layout, plan, symbols), json: () => openJson(plan, symbols) },
  careful: {
    tsv: () => carefulDecoder(createTable(plan, symbols, 16), tsvLines(layout, plan)),
    json: () => carefulDecoder(createTable(plan, symbols, 4), jsonLine),
  },
};

function decode({ table, decode }: Decoder, text: string | Buffer) {
  const progress = decode({ bytes: Buffer.from(text), line: 1 }, { at: 0, line: 0 });
  return { ...progress, rows: rowsOf(table), lines: [...table.lines.subarray(0, table.rows)] };
}

const whole = [1692161674667337, '10.0.0.1', 80, 'ssl', '/a', true];

describe.each(['fast', 'careful'] as const)('TSV, the %s path', path => {
  const tsv = paths[path].tsv();

  test.each([
    ['plain', '1692161674.667337\t10.0.0.1\t80\tssl\t/a\tT\tx\n', whole],
    ['CRLF', '1692161674.667337\t10.0.0.1\t80\tssl\t/a\tT\tx\r\n', whole],
    ['no newline at the end', '1692161674.667337\t10.0.0.1\t80\tssl\t/a\tT\tx', whole],
    [
      'NUL bytes before, from a crash of the writer',
      '\0\0\u00001692161674.667337\t10.0.0.1\t80\tssl\t/a\tT\tx\n',
      whole,
    ],
    ['unset', '-\t-\t-\t-\t-\t-\t-\n', [undefined, undefined, undefined, undefined, undefined, undefined]],
    ['empty', '1.5\t::1\t0\t(empty)\t(empty)\tF\t\n', [1500000, '::1', 0, '', '', false]],
    ['escapes', '1\t10.0.0.1\t1\ta\\x09b\t\\x2d\\\\\\xc3\\xa4\tT\t-\n', [1000000, '10.0.0.1', 1, 'a\tb', '-\\ä', true]],
    [
      'redacted time',
      'XXXXXXXXXX.XXXXXX\t10.0.0.1\t1\tdns\t/\t-\t-\n',
      [undefined, '10.0.0.1', 1, 'dns', '/', undefined],
    ],
    ['malformed address', '1\t999.1.1.1\tx\tdns\t/\t-\t-\n', [1000000, undefined, undefined, 'dns', '/', undefined]],
    [
      'a number that is nothing but blanks',
      '1\t10.0.0.1\t\u2000 \tdns\t/\t-\t-\n',
      [1000000, '10.0.0.1', undefined, 'dns', '/', undefined],
    ],
    [
      'IPv6 in any spelling',
      '1\tfe80:0:0:0:0:0:0:AB\t1\t-\t-\t-\t-\n',
      [1000000, 'fe80::ab', 1, undefined, undefined, undefined],
    ],
    [
      'IPv4 in IPv6',
      '1\t::ffff:192.0.2.1\t1\t-\t-\t-\t-\n',
      [1000000, '192.0.2.1', 1, undefined, undefined, undefined],
    ],
  ])('%s', (_, text, row) => {
    expect(decode(tsv, text).rows).toEqual([row]);
  });

  test('a line with too few or too many columns is refused, and the next one is read', () => {
    const { rows, refused, lines } = decode(tsv, 'a\tb\n1\t10.0.0.1\t1\t-\t-\t-\t-\nA\tb\tc\td\te\tf\tg\th\n');
    expect(refused).toEqual([
      { line: 0, reason: '2 columns where #fields names 7' },
      { line: 2, reason: '8 columns where #fields names 7' },
    ]);
    expect(rows).toHaveLength(1);
    expect(lines).toEqual([1]);
  });

  test('a directive ends a call before it, and so does JSON', () => {
    const row = '1\t10.0.0.1\t1\t-\t-\t-\t-\n';
    expect(decode(tsv, `${row}#fields\tts\n${row}`)).toMatchObject({ stop: 'directive', at: row.length, line: 1 });
    expect(decode(tsv, `${row}{"ts":1}\n`)).toMatchObject({ stop: 'stranger', at: row.length, line: 1 });
  });

  test('blank lines are nothing, lines of NUL bytes are refused', () => {
    expect(decode(tsv, '\n\r\n')).toMatchObject({ rows: [], refused: [], line: 2 });
    expect(decode(tsv, '\0\0\0\n').refused).toEqual([{ line: 0, reason: 'nothing but NUL bytes' }]);
  });
});

describe.each(['fast', 'careful'] as const)('JSON, the %s path', path => {
  const json = paths[path].json();

  test.each([
    [
      'plain',
      '{"ts":1692161674.667337,"id.orig_h":"10.0.0.1","port":80,"service":"ssl","uri":"/a","local":true}',
      whole,
    ],
    [
      'in any order, with more beside',
      '{"x":{"ts":9},"uri":"/a","local":true,"service":"ssl","port":80,"id.orig_h":"10.0.0.1","ts":1692161674.667337}',
      whole,
    ],
    [
      'nested names',
      '{"ts":1692161674.667337,"id":{"orig_h":"10.0.0.1"},"port":80,"service":"ssl","uri":"/a","local":true}',
      whole,
    ],
    [
      'underscored names',
      '{"ts":1692161674.667337,"id_orig_h":"10.0.0.1","port":80,"service":"ssl","uri":"/a","local":true}',
      whole,
    ],
    [
      'numbers and booleans as strings',
      '{"ts":"1692161674.667337","id.orig_h":"10.0.0.1","port":"80","service":"ssl","uri":"/a","local":"true"}',
      whole,
    ],
    [
      'ISO 8601',
      '{"ts":"2023-08-16T04:54:34.667337Z","id.orig_h":"10.0.0.1","port":80,"service":"ssl","uri":"/a","local":"T"}',
      whole,
    ],
    [
      'escapes',
      '{"ts":1,"service":"\\u0073sl","uri":"\\/\\u00e4\\n"}',
      [1000000, undefined, undefined, 'ssl', '/ä\n', undefined],
    ],
    [
      'two spellings of one field: the first of the plan counts, in whatever order they come',
      '{"id_orig_h":"10.0.0.9","id":{"orig_h":"10.0.0.8"},"id.orig_h":"10.0.0.1","ts":1}',
      [1000000, '10.0.0.1', undefined, undefined, undefined, undefined],
    ],
    ['long decimals', '{"port":5e-324,"ts":1}', [1000000, undefined, 5e-324, undefined, undefined, undefined]],
    [
      'null is absent',
      '{"ts":null,"id.orig_h":null,"port":null,"service":null,"uri":null,"local":null}',
      [undefined, undefined, undefined, undefined, undefined, undefined],
    ],
    [
      'wrong types are absent',
      '{"ts":{},"id.orig_h":7,"port":"x","service":[],"uri":{},"local":3}',
      [undefined, undefined, undefined, undefined, undefined, undefined],
    ],
  ])('%s', (_, text, row) => {
    expect(decode(json, `${text}\n`).rows).toEqual([row]);
  });

  test.each([
    ['cut', '{"ts":1,"uri":"/a'],
    ['a NUL byte inside a string', '{"ts":1,"uri":"a\0b"}'],
  ])('%s is refused, and what follows is read', (_, text) => {
    const { rows, refused } = decode(json, `${text}\n{"ts":1}\n`);
    expect(refused).toEqual([{ line: 0, reason: 'not a JSON object' }]);
    expect(rows).toHaveLength(1);
  });

  test.each([
    ['a header', '#separator \\x09'],
    ['a row of something else', '1\t10.0.0.1'],
    ['an array', '[1,2]'],
    ['a number', '17'],
    ['garbage', 'Nov 19 08:00:01 host sshd[1]: hello'],
  ])('%s ends a call before it', (_, text) => {
    expect(decode(json, `{"ts":1}\n${text}\n{"ts":2}\n`)).toMatchObject({ stop: 'stranger', at: 9, line: 1 });
  });
});

test('half a surrogate pair is the same symbol whenever it comes', () => {
  const before = symbols.of('\ud83d');
  expect(symbols.of('\ud83d')).toBe(before);
  expect(symbols.text(before)).toBe('\ufffd');
});

test.each(['fast', 'careful'] as const)(
  'a full table ends a call, and the next one goes on there: the %s path',
  path => {
    const all = Array.from({ length: 2500 }, (_, index) => index);
    const text = all.map(index => `{"port":${index}}\n`).join('');
    const { table, decode } = paths[path].json();
    const block = { bytes: Buffer.from(text), line: 1 };
    const ports: unknown[] = [];
    let position = { at: 0, line: 0 };
    for (let stop = 'full'; stop === 'full'; ) {
      const progress = decode(block, position);
      ports.push(...rowsOf(table).map(row => row[2]));
      position = progress;
      stop = progress.stop;
    }
    expect(ports).toEqual(all);
    expect(position).toMatchObject({ at: text.length, line: 2500 });
  },
);

test('TSV and JSON of the same record give the same columns', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter(text => /^[^\s"\\\p{C}]+$/u.test(text) && !['-', '(empty)'].includes(text));
  const record = fc.record({
    ts: fc.integer({ min: 1, max: 4e15 }),
    address: fc.oneof(fc.ipV4(), fc.ipV6()),
    port: fc.integer({ min: 0, max: 65535 }),
    service: word,
    uri: word,
    local: fc.boolean(),
  });
  const [tsv, json] = [paths.fast.tsv(), paths.fast.json()];
  fc.assert(
    fc.property(record, ({ ts, address, port, service, uri, local }) => {
      const seconds = `${Math.floor(ts / 1e6)}.${String(ts % 1e6).padStart(6, '0')}`;
      const separated = decode(tsv, `${[seconds, address, port, service, uri, local ? 'T' : 'F', '-'].join('\t')}\n`);
      const object = decode(
        json,
        `${JSON.stringify({ ts: seconds, 'id.orig_h': address, port, service, uri, local })}\n`,
      );
      // Zeek would have escaped a text that begins like a directive or an object.
      fc.pre(separated.stop === 'end');
      expect(separated.rows).toEqual(object.rows);
      expect(separated.rows[0]?.[0]).toBe(ts);
    }),
    { numRuns: 2000 },
  );
});

test('names that are long and always new, as those of a tunnel, go the fast way', () => {
  const { decode } = openJson([{ paths: [['query']], type: 'name' }], createSymbols());
  let declined = 0;
  for (let block = 0; block < 60; block++) {
    const text = Array.from({ length: 1000 }, (_, index) => `{"query":"${'x'.repeat(180)}${block}.${index}"}\n`).join(
      '',
    );
    const bytes = Buffer.from(text);
    for (let at = { at: 0, line: 0 }; at.at < bytes.length; ) {
      const progress = decode({ bytes, line: 1 }, at);
      declined += progress.declined;
      at = progress;
    }
  }
  expect(declined).toBe(0);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asLines } from '../src/decode/shapes/shapes.ts';
import type { ByteStream } from '../src/input/byte-stream.ts';
import { asUtf8 } from '../src/input/utf16.ts';

/** Some bytes, so many at a time. */
function inPortions(bytes: Buffer, portion: number): ByteStream {
  let at = 0;
  return {
    async read(into) {
      const count = bytes.copy(into, 0, at, Math.min(at + portion, bytes.length, at + into.length));
      at += count;
      return count;
    },
    async close() {},
  };
}

async function textOf(stream: ByteStream): Promise<string> {
  const parts: Buffer[] = [];
  for (const room = Buffer.alloc(999); ; ) {
    const count = await stream.read(room);
    if (count === 0) return Buffer.concat(parts).toString();
    parts.push(Buffer.from(room.subarray(0, count)));
  }
}

/** Each line that is not blank, by its number. */
async function told(text: string | Buffer, portion = 1 << 20) {
  const { bytes, shape } = await asLines(inPortions(Buffer.from(text), portion));
  const lines = (await textOf(bytes)).split('\n').flatMap((line, index) => (line === '' ? [] : [[index + 1, line]]));
  return { shape, lines: Object.fromEntries(lines) as Record<string, string> };
}

const portions = fc.integer({ min: 1, max: 60 });
const records = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 6 });

describe('JSON that has no record a line', () => {
  test('whatever its layout and wherever it is cut, the same objects come out, on the lines where they begin', async () => {
    const indent = fc.constantFrom(0, 1, 4, '\t');
    const property = fc.asyncProperty(records, indent, fc.boolean(), portions, async (all, space, isArray, portion) => {
      const text = isArray
        ? JSON.stringify(all, null, space)
        : all
            .map((one, index) => `Record ${index + 1}\r\n${JSON.stringify({ a: 1, ...one }, null, space || 1)}\r\n`)
            .join('');
      const { lines, shape } = await told(text, portion);
      expect(shape).toBe(isArray ? 'JSON array' : 'JSON over several lines');
      const expected = isArray ? all : all.map(one => ({ a: 1, ...one }));
      expect(Object.values(lines).map(line => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(expected)));
      const source = text.split('\n');
      if (space !== 0)
        for (const number of Object.keys(lines)) expect(source[Number(number) - 1]?.trim()).toMatch(/^\{/);
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test('an object that was never finished takes no other with it', async () => {
    const { lines } = await told('{\n "a": 1,\n "b": "x\n{\n "a": 2\n}\nnoise\n{\n "a": 3\n}\n');
    expect(lines).toEqual({ 1: '{  "a": 1,  "b": "x ', 4: '{  "a": 2 }', 7: 'noise', 8: '{  "a": 3 }' });
  });

  test('records on lines are left as they are', async () => {
    const text = '{"a":1}\n\n{"b":[2]}\n[1]\n';
    const { shape, lines } = await told(text, 3);
    expect([shape, lines]).toEqual([undefined, { 1: '{"a":1}', 3: '{"b":[2]}', 4: '[1]' }]);
  });

  test('nobody waits for more where one line says it all', async () => {
    const stream: ByteStream = {
      read: (() => {
        const parts = [Buffer.from('{"a":1}\n')];
        return async (into: Buffer) => parts.shift()?.copy(into) ?? new Promise<number>(() => {});
      })(),
      async close() {},
    };
    const { bytes } = await asLines(stream);
    expect(await bytes.read(Buffer.alloc(100))).toBe(8);
  });
});

describe('events in XML', () => {
  const event = (id: number, more = '') =>
    `<Event xmlns='x'><System><EventID>${id}</EventID></System>${more}<EventData><Data Name='A'>&lt;é&#x41;</Data></EventData></Event>`;
  const flat = (id: number) => JSON.stringify({ A: '<éA', EventID: String(id) });

  test.each([
    ['each on its line', `${event(1)}\n${event(2)}\n`, { 1: flat(1), 2: flat(2) }],
    ['all on one line', `<Events>${event(1)}${event(2)}</Events>`, { 1: flat(1), 2: flat(2) }],
    ['spread', event(1, '\n\n').concat('\n', event(2)), { 1: flat(1), 4: flat(2) }],
    ['behind a frame', `<?xml version="1.0"?>\n<Events>\n${event(1)}\n</Events>\n`, { 3: flat(1) }],
    ['behind what syslog puts before', `<14>Jan 5 ws7: ${event(1)}\n`, { 1: flat(1) }],
    [
      'among lines of others',
      `<14>x: ${event(1)}\nsshd: hello\n${event(2)}`,
      { 1: flat(1), 2: 'sshd: hello', 3: flat(2) },
    ],
    [
      'one that was never finished',
      `${event(1).slice(0, 50)}\n${event(2)}\n${event(3).slice(0, 50)}`,
      { 1: event(1).slice(0, 50), 2: flat(2), 3: event(3).slice(0, 50) },
    ],
  ])('%s', async (_, text, expected) => {
    for (const portion of [1, 2, 7, 50, 1 << 16]) expect((await told(text, portion)).lines).toEqual(expected);
  });
});

test.each([
  ['beginnings without an end', `<Event><EventID>1</EventID></Event>\n${'<Event '.repeat(1 << 17)}`],
  ['marks that might be a frame', `<Event><EventID>1</EventID></Event>\n${'\ufeff'.repeat(5000)}x`],
  ['a CSV without an end of a line', `Id,Message\n${'x'.repeat(9 << 20)}`],
  ['JSON without an end', `[{"a":${'['.repeat(9 << 20)}`],
])('a stranger who writes %s is read in no time', async (_, text) => {
  const before = performance.now();
  const { shape } = await told(text);
  expect(shape).toBeDefined();
  // A second and not an hour: what this is about grew with the square of the length, or faster.
  expect(performance.now() - before).toBeLessThan(20_000);
});

describe('what PowerShell writes', () => {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test('values of any text, however they are cut', async () => {
    const value = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é') });
    const property = fc.asyncProperty(
      fc.array(value, { minLength: 1, maxLength: 4 }),
      portions,
      async (values, portion) => {
        const rows = values.map(text => ['3', text].map(cell).join());
        const { lines, shape } = await told(`"Id","LogName"\r\n${rows.join('\r\n')}\r\n`, portion);
        expect(shape).toBe('CSV');
        expect(Object.values(lines).map(line => JSON.parse(line).Channel)).toEqual(values);
      },
    );
    await fc.assert(property, { numRuns: 100 });
  });

  test('a record that is too long takes no other with it', async () => {
    const { lines } = await told(`Id,LogName\n1,a\n2,${'x'.repeat(9 << 20)}\n3,b\n`);
    expect(Object.values(lines).map(line => line.slice(0, 30))).toEqual([
      '{"EventID":"1","ProviderName":',
      'a record longer than any',
      '{"EventID":"3","ProviderName":',
    ]);
  });

  test('a command line with <Event in it makes no XML of a CSV', async () => {
    expect((await told('"Id","Message"\n"1","a <Event > b"\n')).shape).toBe('CSV');
  });

  test.each(['utf-16le', 'utf-16be'])('%s is text too', async encoding => {
    const text = '\ufeff{"a":"é𝄞"}\n';
    const little = Buffer.from(text, 'utf16le');
    const bytes = encoding === 'utf-16le' ? little : Buffer.from(little).swap16();
    for (const portion of [1, 3, 100])
      expect(await textOf(await asUtf8(inPortions(bytes, portion)))).toBe('{"a":"é𝄞"}\n');
  });
});

import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../src/baseline/row.ts';
import { createRows } from '../src/baseline/rows.ts';
import { selectRules } from '../src/cli/select-rules.ts';
import { createSymbols, type Symbols } from '../src/kernel/symbols.ts';
import { createObserver, type Observer } from '../src/pipeline/observer.ts';
import { readSegment } from '../src/pipeline/read-segment.ts';
import { conn, connFields, lines, MONDAY, zeekTsv } from './logs.ts';
import { folder } from './run.ts';

/** Events that are like one before are not looked at again: what they teach, and what is said of them, must be the same. */

const rules = await selectRules({ folders: [], only: [], without: [] });

async function observed(text: string, symbols: Symbols, maxRows?: number): Promise<Observer> {
  const name = path.join(await folder({ log: text }), 'log');
  const bounds = { since: 0, until: Number.POSITIVE_INFINITY, localNets: undefined, segment: 0, maxRows };
  const observer = createObserver({ rules, symbols, ...bounds });
  await readSegment(
    { source: { name, size: Buffer.byteLength(text) }, from: 0, to: undefined, prelude: 0, isUnpackedAhead: false },
    {
      symbols,
      stdin: process.stdin,
      interrupt: new AbortController().signal,
      watcherOf: observer.watcherOf,
      refused() {},
      meter() {},
    },
  );
  return observer;
}

/** What is learnt, without where it stood, in an order of its own. */
const learnt = (rows: Iterable<Row>): readonly string[] =>
  [...rows]
    .map(({ trait, entity, peer, port, transport, name, first, last, count, bytes, days, reference }) =>
      JSON.stringify({ trait, entity, peer, port, transport, name, first, last, count, bytes, days, reference }),
    )
    .map(text => text.replace(/"line":\d+/, ''))
    .sort();

/** Of few hosts, peers and states, so that they repeat; their times and sizes do not. */
const flow = fc
  .record({
    ts: fc.integer({ min: 0, max: 40 * 86400 }).map(seconds => MONDAY + seconds),
    from: fc.constantFrom('10.1.0.5', '10.1.0.6', '203.0.113.9', 'fe80::1'),
    to: fc.constantFrom('10.1.0.5', '198.51.100.7', '2001:db8::7'),
    port: fc.constantFrom(53, 443, 50000),
    proto: fc.constantFrom('tcp', 'udp', 'icmp'),
    service: fc.constantFrom('-', 'ssl', 'http', 'gssapi,smb'),
    bytes: fc.tuple(fc.constantFrom(0, 1, 70000), fc.constantFrom(0, 5, 1e10)),
    state: fc.constantFrom('SF', 'S0', 'REJ', 'OTH'),
    history: fc.constantFrom('ShADadFf', 'S', 'DdA', 'ShAdDa', 'ShADIadFf', '-'),
    local: fc.tuple(fc.constantFrom('T', 'F', '-'), fc.constantFrom('T', 'F', '-')),
  })
  .map(conn);

const connText = (flows: readonly (readonly (string | number)[])[]): string =>
  zeekTsv('conn', connFields, flows, { close: false });

const tls = fc.record({
  'id.orig_h': fc.constantFrom('10.1.0.5', '10.1.0.6'),
  'id.resp_h': fc.constantFrom('198.51.100.7', '198.51.100.8'),
  'id.resp_p': fc.constantFrom(443, 8443),
  version: fc.constantFrom('TLSv12', 'TLSv13', undefined),
  server_name: fc.constantFrom('a.example', 'b.example.org', 'caf\u00e9.example', '198.51.100.7', undefined),
  validation_status: fc.constantFrom('ok', 'self signed certificate', undefined),
});

const tlsText = (records: readonly object[]): string =>
  lines(
    records.map((record, index) => ({
      _path: 'ssl',
      ts: MONDAY + index,
      uid: `C${index}`,
      'id.orig_p': 40000 + index,
      ...record,
    })),
  );

test.each([
  ['flows', fc.array(flow, { minLength: 1, maxLength: 60 }).map(flows => flows.map(one => connText([one])))],
  ['handshakes', fc.array(tls, { minLength: 1, maxLength: 60 }).map(all => all.map(one => tlsText([one])))],
])('%s teach together what each teaches alone', async (_, texts) => {
  await fc.assert(
    fc.asyncProperty(texts, async alone => {
      const symbols = createSymbols();
      const header = alone[0]?.startsWith('#') ? 6 : 0;
      const records = alone.map(text => text.split('\n').slice(header).join('\n'));
      const head = alone[0]?.split('\n').slice(0, header).join('\n') ?? '';
      const together = await observed(header > 0 ? `${head}\n${records.join('')}` : records.join(''), symbols);
      const merged = createRows();
      const signs: number[] = [];
      for (const text of alone) {
        const observation = (await observed(text, symbols)).observation();
        merged.merge(observation.rows);
        signs.push(...[...observation.ledger.entries()].map(({ count }) => count));
      }
      const counted = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
      expect(learnt(together.observation().rows)).toEqual(learnt(merged));
      expect(counted([...together.observation().ledger.entries()].map(({ count }) => count))).toBe(counted(signs));
    }),
    { numRuns: 25 },
  );
});

test('of events that are alike only the first is looked at, and none that is reported', async () => {
  const quiet = Array.from({ length: 500 }, (_, index) => conn({ ts: MONDAY + index, bytes: [index, 9] }));
  const odd = Array.from({ length: 300 }, (_, index) => conn({ ts: MONDAY + index, history: 'ShADIadFf' }));
  const observer = await observed(connText([...quiet, ...odd]), createSymbols());
  // Events are looked up many at a time, and one without payload is another one.
  expect(observer.recognised).toBeGreaterThan(300);
  expect(observer.recognised).toBeLessThan(500);
  expect([...observer.observation().ledger.entries()].map(({ count }) => count)).toEqual([300]);
});

test('nearly all events of a busy network are recognised', async () => {
  const names = ['www.example.org', 'mail.example.org', 'a.cdn.example'];
  const records = Array.from({ length: 5000 }, (_, index) => ({
    'id.orig_h': `10.1.0.${index % 7}`,
    'id.resp_h': '198.51.100.7',
    'id.resp_p': 443,
    version: 'TLSv13',
    server_name: names[index % names.length],
  }));
  const observer = await observed(tlsText(records), createSymbols());
  expect(observer.recognised).toBeGreaterThan(4800);
});

test('a stream of many files under one header each fills no memory', async () => {
  const file = connText([conn({}), conn({ to: '198.51.100.8' })]);
  const before = process.memoryUsage().arrayBuffers;
  const observer = await observed(file.repeat(200), createSymbols());
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6);
  expect(observer.total).toBe(400);
});

test('rows that were forgotten for want of room are not taken for others', async () => {
  const flows = Array.from({ length: 3000 }, (_, index) =>
    conn({ ts: MONDAY + index, to: `198.51.${(index * 7) % 5}.${(index * 31) % 250}` }),
  );
  const { rows } = (await observed(connText(flows), createSymbols(), 300)).observation();
  expect(rows.size).toBeLessThanOrEqual(300);
  expect(rows.forgotten.size).toBe(1);
  const peers = new Set([...rows].map(({ trait, peer }) => `${trait} ${peer}`));
  expect(peers.size).toBe(rows.size);
});

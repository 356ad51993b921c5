import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../src/baseline/row.ts';
import { createRows } from '../src/baseline/rows.ts';
import { traits } from '../src/baseline/traits.ts';
import { selectRules } from '../src/cli/select-rules.ts';
import { fieldsOf, openView, planOf } from '../src/decode/log.ts';
import { eveLogs } from '../src/decode/suricata/eve.ts';
import { windowsLogs } from '../src/decode/windows/windows.ts';
import { zeekLogs } from '../src/decode/zeek/logs.ts';
import { openJson } from '../src/kernel/open.ts';
import { createSymbols, type Symbols } from '../src/kernel/symbols.ts';
import { createObserver, type Observer } from '../src/pipeline/observer.ts';
import { Memory } from '../src/pipeline/recognition.ts';
import { sum } from '../src/value/sum.ts';
import { readFile } from './events.ts';
import { conn, connFields, lines, MONDAY, zeekTsv } from './logs.ts';
import { folder } from './run.ts';

/** Events that are like one before are not looked at again: what they teach, and what is said of them, must be the same. */

const TALKER = traits.indexOf('talker');

const rules = await selectRules({ folders: [], only: [], without: [] });

async function observed(
  text: string,
  symbols: Symbols,
  { maxRows, memory = new Memory() }: { maxRows?: number; memory?: Memory } = {},
): Promise<Observer> {
  const name = path.join(await folder({ log: text }), 'log');
  const bounds = { since: 0, until: Number.POSITIVE_INFINITY, localNets: undefined, maxRows };
  const observer = createObserver({ rules, symbols, memory, ...bounds });
  await readFile(name, symbols, { watcherOf: observer.watcherOf, refused() {} });
  return observer;
}

/** What is learnt, without where it stood, in an order of its own. */
const learnt = (rows: Iterable<Row>): readonly string[] =>
  [...rows]
    .map(({ trait, entity, peer, port, transport, name, first, last, count, bytes, days, marks, reference }) =>
      JSON.stringify({ trait, entity, peer, port, transport, name, first, last, count, bytes, days, marks, reference }),
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
      // In two segments of one thread, the second of which knows the first.
      const memory = new Memory();
      const half = Math.ceil(records.length / 2);
      const together = createRows();
      const counts: number[] = [];
      for (const part of [records.slice(0, half), records.slice(half)]) {
        const text = header > 0 ? `${head}\n${part.join('')}` : part.join('');
        const observation = (await observed(text, symbols, { memory })).observation();
        together.merge(observation.rows);
        counts.push(...[...observation.ledger.entries()].map(({ count }) => count));
      }
      const merged = createRows();
      const signs: number[] = [];
      for (const text of alone) {
        const observation = (await observed(text, symbols)).observation();
        merged.merge(observation.rows);
        signs.push(...[...observation.ledger.entries()].map(({ count }) => count));
      }
      expect(learnt(together)).toEqual(learnt(merged));
      expect(sum(counts)).toBe(sum(signs));
    }),
    { numRuns: 25 },
  );
});

test.each([...zeekLogs, ...eveLogs, ...windowsLogs].map(log => [log.title, log] as const))(
  'the kernel can tell apart all that differs in %s',
  (_, log) => {
    const { table } = openJson(planOf(fieldsOf(log).map(([, field]) => field)), createSymbols());
    expect(openView(log, table).records.event.sieve).toBeDefined();
  },
);

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

test('what a segment is known by is known in the next ones, and taught to each', async () => {
  const symbols = createSymbols();
  const memory = new Memory();
  const flows = Array.from({ length: 400 }, (_, index) => conn({ ts: MONDAY + index, to: `198.51.100.${index % 40}` }));
  const first = await observed(connText(flows), symbols, { memory });
  const taught = learnt(first.observation().rows);
  const second = await observed(connText(flows), symbols, { memory });
  expect([first.recognised, second.recognised]).toEqual([360, 400]);
  expect(learnt(second.observation().rows)).toEqual(taught);
});

test('two hunts at one time in one thread do not count for one another', async () => {
  const flows = (host: string) =>
    connText(Array.from({ length: 300 }, (_, index) => conn({ ts: MONDAY + index, from: host, bytes: [1, 2] })));
  const observers = await Promise.all(['10.1.0.5', '10.1.0.6'].map(host => observed(flows(host), createSymbols())));
  for (const observer of observers) {
    const rows = [...observer.observation().rows];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ count, bytes }) => count === 300 && bytes === 900)).toBe(true);
  }
});

test('of more kinds of events than can be remembered every one is counted', { timeout: 60_000 }, async () => {
  const kinds = 80_000;
  const flows = Array.from({ length: 2 * kinds }, (_, index) => {
    const kind = index % kinds;
    return conn({
      ts: MONDAY + index / 1000,
      to: `198.51.${kind % 250}.${kind % 241}`,
      port: kind % 1009,
      bytes: [1, 2],
    });
  });
  const observer = await observed(connText(flows), createSymbols());
  const rows = [...observer.observation().rows];
  expect(observer.recognised).toBeGreaterThan(kinds / 4);
  expect(observer.recognised).toBeLessThan(kinds);
  const talkers = rows.filter(({ trait }) => trait === TALKER);
  expect(talkers).toHaveLength(kinds);
  expect(talkers.every(({ count, bytes }) => count === 2 && bytes === 6)).toBe(true);
});

test('rows that were forgotten for want of room are not taken for others', async () => {
  const flows = Array.from({ length: 3000 }, (_, index) =>
    conn({ ts: MONDAY + index, to: `198.51.${(index * 7) % 5}.${(index * 31) % 250}` }),
  );
  const { rows } = (await observed(connText(flows), createSymbols(), { maxRows: 300 })).observation();
  expect(rows.size).toBeLessThanOrEqual(300);
  expect(rows.forgotten.size).toBe(1);
  const peers = new Set([...rows].map(({ trait, peer }) => `${trait} ${peer}`));
  expect(peers.size).toBe(rows.size);
});

import path from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { selectRules } from '../src/cli/select-rules.ts';
import { linesIn } from '../src/input/bytes.ts';
import { bundlesOf, type Cut, segmentsOf } from '../src/input/segments.ts';
import { findSources } from '../src/input/sources.ts';
import type { ActiveRule } from '../src/pipeline/active-rule.ts';
import { hunt } from '../src/pipeline/hunt.ts';
import type { Refusals } from '../src/pipeline/refusals.ts';
import { connLog, lines, MONDAY, zeekTsv } from './logs.ts';
import { folder } from './run.ts';

describe('lines of a part', () => {
  const textOf = async (name: string, from: number, to?: number, portion = 100): Promise<string> => {
    const chunks: Buffer[] = [];
    const stream = linesIn({ name, size: undefined }, from, to);
    const room = Buffer.alloc(portion);
    for (let count = await stream.read(room); count > 0; count = await stream.read(room))
      chunks.push(Buffer.from(room.subarray(0, count)));
    await stream.close();
    return Buffer.concat(chunks).toString();
  };

  test('each line is in the part where it begins, wherever the cuts are', async () => {
    const line = fc.string({ unit: 'binary', maxLength: 12 }).map(text => text.replaceAll('\n', '\r'));
    const size = fc.integer({ min: 1, max: 20 });
    const property = fc.asyncProperty(fc.array(line), size, size, async (all, length, portion) => {
      const text = all.join('\n');
      const name = path.join(await folder({ log: text }), 'log');
      const end = Buffer.byteLength(text);
      const parts: string[] = [];
      for (let from = 0; from <= end; from += length) {
        parts.push(await textOf(name, from, from + length > end ? undefined : from + length, portion));
      }
      expect(parts.join('')).toBe(Buffer.from(text).toString());
      for (const part of parts.filter(Boolean).slice(0, -1)) expect(part).toMatch(/\n$/);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test('a line longer than the part, and what lies behind the end', async () => {
    const name = path.join(await folder({ log: `a\n${'x'.repeat(300_000)}\nb\n` }), 'log');
    expect(await textOf(name, 0, 1)).toBe('a\n');
    expect((await textOf(name, 2, 3)).length).toBe(300_001);
    expect(await textOf(name, 3, 300_000)).toBe('');
    expect(await textOf(name, 300_003)).toBe('b\n');
    expect(await textOf(name, 900_000)).toBe('');
  });
});

describe('a hunt is the same however its sources are cut', () => {
  let rules: readonly ActiveRule[];
  beforeAll(async () => {
    rules = await selectRules({ folders: [], only: [], without: [] });
  });

  const hunted = async (root: string, cut: Cut) => {
    const read: [string, Refusals][] = [];
    const { findings, summary } = await hunt({
      found: await findSources([root]),
      stdin: Readable.from([]),
      warmup: { length: 'auto', learnUntil: undefined },
      ...{ rules, cut, jobs: 1 },
      ...{ since: undefined, until: undefined, localNets: undefined, created: undefined },
      ...{ interrupt: new AbortController().signal, advanced() {} },
      failed(_, what) {
        throw new Error(what);
      },
      read: (source, refusals) => read.push([source, refusals]),
    });
    return { findings, summary, read };
  };

  const whole: Cut = { length: 1 << 30, bundle: 0, prelude: 0, threads: 1 };

  const same = async (files: Record<string, string>) => {
    const root = await folder(files);
    const expected = await hunted(root, whole);
    for (const length of [997, 2500, 10_000]) {
      const { sources } = await findSources([root]);
      const cut = { length, bundle: length, prelude: 600, threads: 1 };
      expect((await segmentsOf(sources, cut)).length).toBeGreaterThan(sources.length);
      expect(await hunted(root, cut), `cut every ${length} bytes`).toEqual(expected);
    }
    return expected;
  };

  const flows = Array.from({ length: 200 }, (_, index) => ({
    ts: MONDAY + index * 1800,
    uid: `C${index}`,
    from: `10.1.0.${5 + (index % 7)}`,
    to: index % 50 === 49 ? `198.51.100.${index}` : '10.1.0.100',
    port: index === 150 ? 3389 : 445,
    service: index === 150 ? 'rdp' : 'gssapi,smb',
    history: index % 90 === 89 ? 'Dd' : 'ShADadFf',
  }));
  const records = flows.map(({ ts, uid, from, to, port }) => ({
    _path: 'conn',
    ...{ ts, uid, 'id.orig_h': from, 'id.orig_p': 5, 'id.resp_h': to, 'id.resp_p': port, proto: 'tcp' },
    ...{ conn_state: 'SF', orig_bytes: 9, resp_bytes: 9, history: 'ShADadFf' },
  }));

  test('Zeek TSV, with bad lines that are named by their place', async () => {
    const rows = connLog(flows).split('\n');
    for (const at of [20, 60, 61, 150, 180]) rows.splice(at, 0, 'short\tline');
    const { findings, read } = await same({ 'conn.log': rows.join('\n') });
    expect(findings.map(({ rule }) => rule.id)).toContain('first-seen-talker');
    expect(read[0]?.[1].named.map(({ line }) => line)).toEqual([21, 61, 62]);
    expect([...(read[0]?.[1].more.values() ?? [])]).toEqual([2]);
  });

  test('many small files, read one by one or together, with some among them that are none', async () => {
    const hourly = Array.from({ length: 20 }, (_, hour) => {
      const some = flows.slice(hour * 10, hour * 10 + 10);
      const text = hour % 2 ? lines(records.slice(hour * 10, hour * 10 + 10)) : connLog(some);
      return [`conn.${String(hour).padStart(2, '0')}.log`, `${text}${hour % 5 === 3 ? 'junk\n' : ''}`];
    });
    const files = { ...Object.fromEntries(hourly), 'conn.05b.log': 'no log at all\n', 'conn.07b.log': '' };
    const root = await folder(files);
    const { sources } = await findSources([root]);
    const bundles = async (bundle: number) =>
      bundlesOf(await segmentsOf(sources, { ...whole, bundle }), { bundle }).bundles.map(
        ({ segments }) => segments.length,
      );
    const expected = await hunted(root, whole);
    expect(expected.summary.inputs.map(({ records }) => records)).toEqual(hourly.map(() => 10));
    expect(await bundles(0)).toEqual(sources.map(() => 1));
    for (const bundle of [6000, 1 << 20]) {
      expect((await bundles(bundle)).length).toBeLessThan(12);
      expect(await hunted(root, { ...whole, bundle })).toEqual(expected);
    }
  });

  test('JSON without an end of its last line', async () => {
    const { summary } = await same({ 'conn.json': lines(records).trimEnd() });
    expect(summary.records.flow).toBe(flows.length);
  });

  test('logs that were put together, under headers of their own', async () => {
    const dns = zeekTsv(
      'dns',
      'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto query',
      flows.map(({ ts, uid, from }) => [`${ts}`, uid, from, '5', '10.1.0.100', '53', 'udp', 'a.example']),
    );
    const { summary } = await same({ 'all.log': connLog(flows) + dns + connLog(flows.slice(0, 9)) + dns });
    expect(summary.records).toMatchObject({ flow: flows.length + 9, dns: 2 * flows.length });
  });

  test('streams that mix formats line by line', async () => {
    const eve = flows.map(({ uid, from, to, port }, index) => ({
      timestamp: new Date((MONDAY + index * 1800) * 1000).toISOString(),
      ...{ event_type: 'flow', flow_id: uid, src_ip: from, src_port: 5, dest_ip: to, dest_port: port, proto: 'TCP' },
      ...{ app_proto: 'smb', flow: { pkts_toserver: 9, pkts_toclient: 9, bytes_toserver: 999, bytes_toclient: 999 } },
    }));
    const mixed = records.flatMap((record, index) => [record, eve[index] ?? {}]);
    const { summary } = await same({ 'mixed.json': lines(mixed) });
    expect(summary.records.flow).toBe(2 * flows.length);
  });

  test('a TSV log into which somebody else writes JSON', async () => {
    const rows = connLog(flows).trimEnd().split('\n');
    const stats = JSON.stringify({ _path: 'stats', ts: MONDAY, mem: 3 });
    for (const at of [30, 31, 90, 170]) rows.splice(at, 0, stats);
    rows.splice(120, 0, 'neither');
    const { summary } = await same({ 'conn.log': rows.join('\n') });
    expect(summary).toMatchObject({ records: { flow: flows.length }, bad: 1 });
  });

  test('what is no log at all', async () => {
    const { summary } = await same({
      'notes.txt': 'nothing to see here\n'.repeat(900),
      'comments.log': '# nothing yet\n'.repeat(900),
      'binary.bin': '\0'.repeat(9000),
    });
    expect(summary.skipped).toHaveLength(3);
  });
});

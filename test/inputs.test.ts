import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { connLog, lines, MONDAY } from './logs.ts';
import { folder, run } from './run.ts';

const sysmon = (EventID: number, UtcTime: string, more = {}) => ({
  ...{ EventID, SourceName: 'Microsoft-Windows-Sysmon', Hostname: 'WS1', UtcTime, Image: 'C:\\a.exe', ...more },
});

const logs = () =>
  folder({
    'conn.log': `${connLog([{ ts: MONDAY }, { ts: MONDAY + 3600 }])}short\tline\n`,
    'cut.log.gz': gzipSync(connLog(Array.from({ length: 300 }, () => ({})))).subarray(0, -40),
    'old.json': lines([
      { _path: 'conn', ts: 1.5, uid: 'C1', 'id.orig_h': '10.0.0.1', 'id.resp_h': '10.0.0.2', conn_state: 'SF' },
    ]),
    'zone.json': lines([
      {
        _path: 'conn',
        ts: '2026-01-05T08:00:00.1',
        'id.orig_h': '10.0.0.1',
        'id.resp_h': '10.0.0.2',
        conn_state: 'SF',
      },
    ]),
    'sysmon.json': JSON.stringify([
      sysmon(1, '2026-01-05 08:00:00.000', { CommandLine: 'a' }),
      sysmon(3, '2026-01-01 08:00:00.000', { SourceIp: '10.0.0.1', DestinationIp: '10.0.0.2' }),
    ]),
    'README.txt': 'hello\n',
  });

describe('oddtalk inputs', () => {
  test('says of each file what it is, and what is wrong with it', async () => {
    const root = await logs();
    const { stdout, code } = await run(['inputs', root]);
    const entries = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
      .map(({ path: name, bytes, ...entry }) => ({ name: path.basename(name), ...entry }));
    expect(entries).toEqual([
      {
        ...{ name: 'README.txt', status: 'skipped' },
        reason: 'text that is neither JSON nor under a Zeek header (a #fields line)',
      },
      {
        ...{ name: 'conn.log', status: 'read', format: 'zeek-tsv', log: 'conn', records: 2, bad: 1, passed: 0 },
        ...{ from: '2026-01-05T00:00:00.000Z', to: '2026-01-05T01:00:00.000Z' },
        first_bad: { line: 10, reason: '2 columns where #fields names 16' },
      },
      expect.objectContaining({
        ...{ name: 'cut.log.gz', status: 'unreadable', log: 'conn' },
        reason: expect.stringMatching(/^its gzip data is cut short; the \d+ records before that were read$/),
      }),
      expect.objectContaining({
        ...{ name: 'old.json', dialect: 'streaming', records: 1 },
        doubts: ['its times count from 0 and not from 1970: a capture without its date'],
      }),
      expect.objectContaining({
        ...{ name: 'sysmon.json', format: 'windows-events', dialect: 'flat, JSON array', log: 'sysmon-1,sysmon-3' },
        doubts: ['its events 3 are 4d apart from its events 1: another clock'],
      }),
      expect.objectContaining({ name: 'zone.json', doubts: ['its times have no zone, and are read as UTC'] }),
    ]);
    expect(code).toBe(2);
  });

  test('as a table', async () => {
    const root = await folder({ 'conn.log': connLog([{ ts: MONDAY }]) });
    const { stdout, code } = await run(['inputs', root, '-f', 'table'], { columns: 200, isTTY: true });
    expect(code).toBe(0);
    expect(stdout).toMatch(/conn\.log +conn +zeek-tsv +1 +2026-01-05 00:00 +2026-01-05 00:00/);
  });

  test('nothing to read is trouble', async () => {
    const { code, stdout, stderr } = await run(['inputs', await folder({})]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('oddtalk: nothing lies there, or only what is hidden\n');
  });
});

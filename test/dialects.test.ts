import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventsIn, type PlainEvent } from './events.ts';
import { folder } from './run.ts';

const windows = path.join(import.meta.dirname, 'windows');
const at = (time: string): number => Date.parse(time) * 1000;

/** What is compared: where it stood, and what only some dialects tell, is not. */
const told = (events: readonly PlainEvent[]) =>
  events.map(({ line, isParticular, uid, processGuid, turn, ...event }) => ({
    ...event,
    ...(typeof processGuid === 'string' && { processGuid: processGuid.replace(/[{}]/g, '').toLowerCase() }),
  }));

describe('Sysmon events are the same, however they were exported', () => {
  const by = {
    host: 'WS7.example.com',
    image: 'C:\\Users\\ann\\run & go.exe',
    processId: 4711,
    processGuid: '5f3e1c2a-9d10-6960-a100-000000000b00',
  };
  const expected = [
    {
      ...{ kind: 'process-start', log: 'sysmon-1', ...by, time: at('2026-01-05T08:00:00.123Z') },
      commandLine: '"C:\\Users\\ann\\run & go.exe" -x <1>',
      parentImage: 'C:\\Windows\\explorer.exe',
    },
    {
      ...{ kind: 'process-connect', log: 'sysmon-3', ...by, time: at('2026-01-05T08:00:01.500Z') },
      ...{ originator: '10.1.0.7', originatorPort: 50123, responder: '198.51.100.9', responderPort: 8443 },
      ...{ transport: 'tcp', initiated: true },
    },
    {
      ...{ kind: 'process-dns', log: 'sysmon-22', ...by, time: at('2026-01-05T08:00:00.900Z') },
      query: 'cdn.example.net',
    },
  ];
  const flavours = readdirSync(windows).filter(name => !name.startsWith('security'));

  test.each(flavours)('%s', async name => {
    const { events, refused, report } = await eventsIn(path.join(windows, name));
    expect(refused).toEqual([]);
    expect(report.formats).toEqual(['windows-events']);
    expect(told(events)).toEqual(expected);
    const lines = events.map(({ line }) => line);
    expect(lines).toEqual([...new Set(lines)].sort((one, other) => one - other));
  });
});

describe('Windows Security events stand in where there is no Sysmon', () => {
  test.each(readdirSync(windows).filter(name => name.startsWith('security')))('%s', async name => {
    const { events } = await eventsIn(path.join(windows, name));
    const host = 'WS7.example.com';
    const connection = { kind: 'process-connect', host, processId: 4711, transport: 'tcp', responderPort: 8443 };
    expect(events).toMatchObject([
      {
        ...{ kind: 'process-start', host, processId: 4711, time: at('2026-01-05T08:00:00.125Z') },
        ...{ image: 'C:\\Users\\ann\\run & go.exe', commandLine: '"C:\\Users\\ann\\run & go.exe" -x <1>' },
      },
      { ...connection, originator: '10.1.0.7', responder: '198.51.100.9', initiated: true },
      { ...connection, originator: '10.1.0.9', responder: '10.1.0.7', originatorPort: 50124, initiated: false },
    ]);
  });

  test('but not where their times are local', async () => {
    const record = {
      ...{ EventID: 4688, SourceName: 'Microsoft-Windows-Security-Auditing', Channel: 'Security', Hostname: 'WS7' },
      ...{ TimeCreated: '2026-01-05T01:00:00.125Z', '@timestamp': '2026-01-05T01:00:00.125Z', NewProcessName: 'a' },
    };
    const logs = await folder({ 'security.json': JSON.stringify(record) });
    const { events, report } = await eventsIn(path.join(logs, 'security.json'));
    expect(events).toEqual([]);
    expect([...report.passed.keys()]).toEqual(['Windows Security events whose times are local']);
  });
});

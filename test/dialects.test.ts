import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ipv4Text } from '../src/value/address.ts';
import { eventsIn, type PlainEvent } from './events.ts';
import { conn, connFields, lines, zeekTsv } from './logs.ts';
import { folder } from './run.ts';

const windows = path.join(import.meta.dirname, 'windows');
const at = (time: string): number => Date.parse(time) * 1000;

/** What is compared: where it stood, and what only some dialects tell, is not. */
const told = (events: readonly PlainEvent[]) =>
  events.map(({ line, isParticular, uid, processGuid, turn, ...event }) => ({
    ...event,
    ...(processGuid !== undefined && { processGuid }),
  }));

describe('Sysmon events are the same, however they were exported', () => {
  const by = {
    host: 'WS7.example.com',
    image: 'C:\\Users\\ann\\run & go.exe',
    processId: 4711,
    processGuid: '5f3e1c2a-9d10-6960-a100-000000000b00',
    ...{ user: 'EXAMPLE\\ann', account: 'EXAMPLE\\ann' },
  };
  const expected = [
    {
      ...{ kind: 'process-start', log: 'sysmon-1', ...by, time: at('2026-01-05T08:00:00.123Z') },
      commandLine: '"C:\\Users\\ann\\run & go.exe" -x <1>',
      ...{ parentImage: 'C:\\Windows\\explorer.exe', parentCommandLine: 'explorer.exe' },
    },
    {
      ...{ kind: 'process-connect', log: 'sysmon-3', ...by, time: at('2026-01-05T08:00:01.500Z') },
      ...{ originator: '10.1.0.7', originatorPort: 50123, responder: '198.51.100.9', responderPort: 8443 },
      ...{ transport: 'tcp', initiated: true },
    },
    {
      ...{ kind: 'process-dns', log: 'sysmon-22', ...by, time: at('2026-01-05T08:00:00.900Z') },
      ...{ query: 'cdn.example.net', answers: '198.51.100.9;' },
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

describe('logs of which only time and ends are read', () => {
  const id = 'id.orig_h id.orig_p id.resp_h id.resp_p';
  const ends = ['10.1.0.5', 50000, '10.1.0.9'];
  const read = async (text: string) => {
    const root = await folder({ log: text });
    return eventsIn(path.join(root, 'log'));
  };

  test.each([
    ['ssh', 22, 'ssh', 'tcp'],
    ['rfb', 5900, 'vnc', 'tcp'],
    ['dce_rpc', 445, undefined, undefined],
  ])("Zeek's %s.log tells of sessions", async (log, port, service, transport) => {
    const { events } = await read(zeekTsv(log, `ts uid ${id} extra`, [[1767571200, 'C1', ...ends, port, 'x']]));
    expect(events).toMatchObject([
      { kind: 'session', log, originator: '10.1.0.5', responder: '10.1.0.9', responderPort: port, service, transport },
    ]);
  });

  test.each(['open_conn', 'conn_long'])('%s is as conn', async log => {
    const { events } = await read(zeekTsv(log, connFields, [conn({})]));
    expect(events).toMatchObject([{ kind: 'flow', log, originator: '10.1.0.5', services: ['tls'] }]);
  });

  test.each([
    ['notice', `ts uid ${id} note src dst`, ['C1', '-', '-', '-', '-', 'Scan', '10.1.0.5', '10.1.0.9']],
    ['files', `ts fuid tx_hosts rx_hosts`, ['F1', '10.1.0.9', '10.1.0.5']],
    ['known_hosts', `ts host`, ['10.1.0.5']],
    ['known_services', `ts host port_num port_proto service`, ['10.1.0.5', 22, 'tcp', 'SSH']],
  ])("Zeek's %s.log mentions hosts", async (log, fields, values) => {
    const { events, refused } = await read(zeekTsv(log, fields, [[1767571200, ...values]]));
    expect(refused).toEqual([]);
    expect(events).toMatchObject([{ kind: 'mention', log, originator: '10.1.0.5', time: 1767571200_000000 }]);
  });

  const parties = { originator: '10.1.0.5', responder: '10.1.0.9' };

  test.each([
    [
      'smtp',
      `ts uid ${id} helo mailfrom`,
      ['C1', ...ends, 25, 'client.example', '<ann@example.com>'],
      {
        kind: 'mail',
        service: 'smtp',
        transport: 'tcp',
        helo: 'client.example',
        sender: '<ann@example.com>',
        ...parties,
      },
    ],
    [
      'sip',
      `ts uid ${id} method uri status_code call_id`,
      ['C1', ...ends, 5060, 'INVITE', 'sip:100@pbx.example', 404, 'x'],
      { kind: 'call', service: 'sip', method: 'INVITE', target: 'sip:100@pbx.example', status: 404, ...parties },
    ],
    [
      'dpd',
      `ts uid ${id} proto analyzer failure_reason`,
      ['C1', ...ends, 80, 'tcp', 'HTTP', 'not http'],
      { kind: 'violation', service: 'http', reason: 'not http', responderPort: 80, ...parties },
    ],
    [
      'analyzer',
      `ts cause analyzer_kind analyzer_name uid fuid ${id} failure_reason`,
      ['disabled', 'protocol', 'SSL', 'C1', '-', ...ends, 443, 'gone'],
      { kind: 'violation', service: undefined, ...parties },
    ],
    [
      'analyzer',
      `ts analyzer_kind analyzer_name uid fuid ${id} proto failure_reason`,
      ['file', 'PE', '-', 'F1', '-', '-', '-', '-', '-', 'bad'],
      { kind: 'violation', service: undefined, originator: undefined },
    ],
    [
      'tunnel',
      `ts uid ${id} tunnel_type action`,
      ['C1', ...ends, 0, 'Tunnel::GRE', 'Tunnel::DISCOVER'],
      { kind: 'tunnel', encapsulation: 'gre', responderPort: undefined, ...parties },
    ],
    [
      'tunnel',
      `ts uid ${id} tunnel_type action`,
      ['C1', ...ends, 0, 'Tunnel::GRE', 'Tunnel::CLOSE'],
      { kind: 'tunnel', encapsulation: undefined, ...parties },
    ],
    [
      'capture_loss',
      'ts ts_delta peer gaps acks percent_lost',
      [900, 'zeek', 4, 100, 4],
      { kind: 'capture', lost: 4, sensor: 'Zeek' },
    ],
  ])("Zeek's %s.log is read", async (log, fields, values, event) => {
    const { events, refused } = await read(zeekTsv(log, fields, [[1767571200, ...values]]));
    expect(refused).toEqual([]);
    expect(events).toMatchObject([{ log, ...event }]);
  });

  const happened = { timestamp: '2026-01-05T00:00:00.000000+0000', flow_id: 7, proto: 'TCP' };
  const asked = { src_ip: '10.1.0.5', src_port: 13178, dest_ip: '10.1.0.9' };
  const answered = { src_ip: '10.1.0.9', dest_ip: '10.1.0.5', dest_port: 13178 };

  test.each([
    ['rdp', { ...asked, dest_port: 3389 }],
    ['rdp', { ...answered, src_port: 3389 }],
    ['krb5', { ...answered, src_port: 88 }],
  ])("Suricata's %s events, whichever end sent the packet", async (event_type, ends) => {
    const { events } = await read(lines([{ ...happened, ...ends, event_type }]));
    expect(events).toMatchObject([{ kind: 'session', log: event_type, originatorPort: 13178, ...parties }]);
  });

  test.each([
    ['smtp', { ...asked, dest_port: 25, smtp: { helo: 'x' } }, { kind: 'mail', helo: 'x' }],
    ['smtp', { ...answered, src_port: 25, smtp: {} }, { kind: 'mail', helo: undefined }],
    [
      'sip',
      { ...asked, dest_port: 5060, sip: { method: 'REGISTER', uri: 'sip:x' } },
      { kind: 'call', method: 'REGISTER' },
    ],
    ['sip', { ...answered, src_port: 5060, sip: { code: '403' } }, { kind: 'call', status: 403 }],
  ])("Suricata's %s events are read, whichever end sent the packet", async (event_type, ends, event) => {
    const { events } = await read(lines([{ ...happened, ...ends, event_type }]));
    expect(events).toMatchObject([{ log: event_type, originatorPort: 13178, ...parties, ...event }]);
  });

  test('Suricata says who claims an address, and what it lost itself', async () => {
    const arp = { opcode: 'reply', src_mac: '00:1a:6b:6c:0c:cc', src_ip: '10.1.0.2', dest_ip: '10.1.0.9' };
    const { events } = await read(
      lines([
        { timestamp: happened.timestamp, event_type: 'arp', arp },
        {
          timestamp: happened.timestamp,
          event_type: 'stats',
          stats: { capture: { kernel_packets: 200, kernel_drops: 10 } },
        },
      ]),
    );
    expect(events).toMatchObject([
      { kind: 'arp', operation: 'reply', sender: 0x0a010002, senderHardware: arp.src_mac, target: 0x0a010009 },
      { kind: 'capture', lost: 5, sensor: 'Suricata' },
    ]);
  });

  test.each([
    ['alert', { ...asked, dest_port: 80 }],
    // Of two such ports neither says whose it is; Suricata does.
    ['alert', { ...answered, src_port: 8080, direction: 'to_client' }],
    ['alert', { ...asked, dest_port: 80, direction: 'to_server' }],
    ['fileinfo', { ...answered, src_port: 80 }],
    ['netflow', { ...answered, src_port: 443 }],
  ])("Suricata's %s events are mentioned, whichever end sent the packet", async (event_type, ends) => {
    const { events } = await read(lines([{ ...happened, ...ends, event_type }]));
    expect(events).toMatchObject([
      { kind: 'mention', log: event_type, originator: '10.1.0.5', originatorPort: 13178, responder: '10.1.0.9' },
    ]);
  });

  test.each([
    [
      'Zeek',
      zeekTsv('dhcp', 'ts uids client_addr mac host_name assigned_addr', [
        [1767571200, 'C1', '-', '00:11:22:33:44:55', 'nas1', '10.1.0.5'],
      ]),
    ],
    [
      'Zeek 2.5',
      zeekTsv('dhcp', 'ts uid id.orig_h id.resp_h mac assigned_ip lease_time trans_id', [
        [1767571200, 'C1', '0.0.0.0', '10.1.0.9', '00:11:22:33:44:55', '10.1.0.5', 60, 1],
      ]),
    ],
    [
      'Suricata',
      lines([
        {
          ...happened,
          event_type: 'dhcp',
          dhcp: { type: 'reply', client_mac: '00:11:22:33:44:55', assigned_ip: '10.1.0.5', client_ip: '0.0.0.0' },
        },
      ]),
    ],
    [
      'Suricata, of a client',
      lines([
        {
          ...happened,
          event_type: 'dhcp',
          dhcp: { type: 'request', client_mac: '00:11:22:33:44:55', assigned_ip: '0.0.0.0', client_ip: '10.1.0.5' },
        },
      ]),
    ],
  ])('%s tells who has which address', async (_, text) => {
    const { events, refused } = await read(text);
    expect(refused).toEqual([]);
    expect(events).toMatchObject([{ kind: 'lease', hardware: '00:11:22:33:44:55', log: 'dhcp' }]);
    expect(ipv4Text(Number(events[0]?.address))).toBe('10.1.0.5');
  });

  test('Sysmon event 5 tells that a process ended', async () => {
    const record = {
      ...{ EventID: 5, SourceName: 'Microsoft-Windows-Sysmon', Hostname: 'WS7', UtcTime: '2026-01-05 08:00:09.000' },
      ...{ Image: 'C:\\a.exe', ProcessId: 4711, ProcessGuid: '{5f3e1c2a-9d10-6960-a100-000000000b00}' },
    };
    const { events } = await read(lines([record]));
    const time = at('2026-01-05T08:00:09Z');
    expect(events).toMatchObject([{ kind: 'process-end', host: 'WS7', image: 'C:\\a.exe', processId: 4711, time }]);
  });
});

test.each([
  ['files.log', 'files'],
  ['SCRANTON_known_hosts.00:00:00-01:00:00.log', 'known_hosts'],
  ['notes.log', undefined],
])('where nothing in a record says which log it is of, the name of the file does: %s', async (name, log) => {
  const record = { ts: 1767571200, fuid: 'F1', uid: 'C1' };
  const root = await folder({ [name]: lines([record]), [`tsv.${name}`]: '#fields\tts\tfuid\n1767571200\tF1\n' });
  for (const file of [name, `tsv.${name}`]) {
    const { events } = await eventsIn(path.join(root, file));
    expect(events.map(event => event.log)).toEqual(log === undefined ? [] : [log]);
  }
});

describe('records inside of other records', () => {
  const eve = {
    ...{ timestamp: '2026-01-05T08:00:05.000000+0000', flow_id: 7, event_type: 'flow', src_ip: '10.1.0.5' },
    ...{ src_port: 50000, dest_ip: '198.51.100.9', dest_port: 443, proto: 'TCP', app_proto: 'tls' },
    flow: {
      ...{ pkts_toserver: 9, pkts_toclient: 8, bytes_toserver: 2000, bytes_toclient: 9000 },
      ...{ start: '2026-01-05T08:00:00.000000+0000', end: '2026-01-05T08:00:04.000000+0000', state: 'closed' },
    },
  };
  const conn = {
    ...{ _path: 'conn', ts: '2026-01-05T08:00:00.000000Z', uid: 'C1', 'id.orig_h': '10.1.0.5', 'id.orig_p': 50000 },
    ...{ 'id.resp_h': '198.51.100.9', 'id.resp_p': 443, proto: 'tcp', service: 'ssl', conn_state: 'SF' },
    ...{ duration: 4, history: 'ShADadFf', orig_ip_bytes: 2000, orig_pkts: 9, resp_ip_bytes: 9000, resp_pkts: 8 },
    ...{ local_orig: true, local_resp: false },
  };
  const source = { address: '10.1.0.5', ip: '10.1.0.5', port: 50000, bytes: 2000, packets: 9 };
  const destination = { address: '198.51.100.9', ip: '198.51.100.9', port: 443, bytes: 9000, packets: 8 };
  const { src_ip, src_port, dest_ip, dest_port, proto, app_proto, timestamp, flow, ...eveRest } = eve;
  const elasticEve = {
    ...{ '@timestamp': '2026-01-05T08:00:05.000Z', source, destination },
    network: { transport: 'tcp', protocol: 'tls' },
    event: { module: 'suricata', start: flow.start, end: flow.end },
    suricata: { eve: { ...eveRest, flow: { state: 'closed' } } },
  };
  const elasticConn = {
    ...{ '@timestamp': '2026-01-05T08:00:00.000Z', source, destination },
    network: { transport: 'tcp', protocol: 'ssl' },
    event: { module: 'zeek', dataset: 'zeek.connection', duration: 4e9 },
    zeek: { session_id: 'C1', connection: { state: 'SF', history: 'ShADadFf', local_orig: true, local_resp: false } },
  };
  const shipped = (record: object) => ({
    '@timestamp': 'x',
    agent: { type: 'filebeat' },
    message: JSON.stringify(record),
  });

  test.each([
    ["EVE in Filebeat's module", eve, elasticEve],
    ['EVE in a line that was shipped', eve, shipped(eve)],
    ["Zeek in Filebeat's module", conn, elasticConn],
    ['Zeek in a line that was shipped', conn, shipped(conn)],
  ])('%s', async (_, plain, wrapped) => {
    const logs = await folder({ plain: lines([plain]), wrapped: lines([wrapped]) });
    const [expected, found] = await Promise.all(['plain', 'wrapped'].map(name => eventsIn(path.join(logs, name))));
    expect(found?.refused).toEqual([]);
    expect(found?.report.formats).toEqual(expected?.report.formats);
    expect(found?.events).toHaveLength(1);
    const withoutUid = (events: readonly PlainEvent[] = []) => events.map(({ uid, ...event }) => event);
    expect(withoutUid(found?.events)).toEqual(withoutUid(expected?.events));
  });
});

describe('what looks like another format', () => {
  const sysmon = {
    ...{ EventID: 22, SourceName: 'Microsoft-Windows-Sysmon', Hostname: 'WS1', host: 'collector' },
    ...{ UtcTime: '2026-01-05 08:00:00.000', QueryName: 'a.example', Image: 'C:\\a.exe' },
  };
  const zeek = { ts: 1767571200, uid: 'C1', 'id.orig_h': '10.1.0.5', 'id.resp_h': '10.1.0.9', conn_state: 'SF' };
  const eve = {
    ...{ timestamp: '2026-01-05T08:00:00.000000+0000', event_type: 'flow', host: 'sensor', proto: 'TCP' },
    ...{ src_ip: '10.1.0.5', dest_ip: '10.1.0.9', dest_port: 80 },
  };
  const read = async (records: readonly object[]) => {
    const root = await folder({ log: lines(records) });
    return eventsIn(path.join(root, 'log'));
  };

  test("in whatever order sensors write into one file, each record is its own sensor's", async () => {
    for (const records of [
      [zeek, sysmon, eve],
      [eve, zeek, sysmon],
      [sysmon, eve, zeek, zeek],
    ]) {
      const { events, refused } = await read(records);
      expect(refused).toEqual([]);
      expect(events.length).toBe(records.length);
    }
  });

  test('an exported event whose text has an event in it is no shipped line', async () => {
    const shipped = { agent: {}, message: JSON.stringify(eve) };
    const winlog = { computer_name: 'WS1', event_id: '22', provider_name: 'Sysmon', event_data: sysmon };
    const { events, report } = await read([shipped, { winlog, message: 'x <Event > y', agent: {} }]);
    expect(events.map(({ kind }) => kind)).toEqual(['flow', 'process-dns']);
    expect(report.passed.size).toBe(0);
  });

  test('records within records end somewhere', async () => {
    const wrapped = (depth: number): object => (depth === 0 ? eve : { message: JSON.stringify(wrapped(depth - 1)) });
    expect((await read([wrapped(3)])).events).toHaveLength(1);
    expect((await read([wrapped(4)])).events).toHaveLength(0);
    const deep = `{"event":{},"source":{},"suricata":{"eve":{"event_type":"flow","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}`;
    const root = await folder({ log: `${deep}\n${lines([eve])}` });
    const { events, refused } = await eventsIn(path.join(root, 'log'));
    expect([events.length, refused]).toEqual([1, ['1: a record that is nested too deeply']]);
  });

  test('a command line cannot write other fields into what PowerShell shows', async () => {
    const message = [
      ...['Process Create:', 'UtcTime: 2026-01-05 08:00:00.000', 'Image: C:\\evil.exe', 'CommandLine: evil'],
      ...['Image: C:\\good.exe', 'SourceName: Foo', 'Hostname: DC'],
    ].join('\r\n');
    const record = { Id: 1, ProviderName: 'Microsoft-Windows-Sysmon', MachineName: 'WS1', Message: message };
    expect((await read([record])).events).toMatchObject([{ image: 'C:\\evil.exe', host: 'WS1', log: 'sysmon-1' }]);
  });
});

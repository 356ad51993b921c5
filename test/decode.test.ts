import { describe, expect, test } from 'vitest';
import { formatOf } from '../src/decode/formats.ts';
import { createMixture } from '../src/decode/mixture.ts';
import type { Reader } from '../src/decode/reading.ts';
import { tlsVersion } from '../src/decode/tls-version.ts';
import { readHistory } from '../src/decode/zeek/history.ts';
import { servicesOf } from '../src/decode/zeek/services.ts';
import { createSymbols } from '../src/kernel/symbols.ts';
import { type PlainEvent, plainEvents } from './events.ts';
import { conn, connFields, lines, zeekTsv } from './logs.ts';

/** What a text decodes to, as plain objects. */
function decode(text: string) {
  const symbols = createSymbols();
  const events: PlainEvent[] = [];
  const refused: string[] = [];
  const passed: string[] = [];
  const reader: Reader = {
    watcherOf:
      ({ log }) =>
      records =>
        events.push(...plainEvents(records, log, symbols)),
    refused: (reason, line) => refused.push(`${line}: ${reason}`),
    passed: log => passed.push(log),
  };
  const format = formatOf(text.split('\n', 1)[0] ?? '');
  if (!('open' in format)) throw new Error(format.reason);
  const reading = format.open(symbols, {
    fileName: 'log',
    createInner: () => createMixture(symbols, { refusedAtOnce: true }),
  });
  const position = reading.read({ bytes: Buffer.from(text), line: 1 }, { at: 0, line: 0 }, reader);
  events.sort((one, other) => one.line - other.line);
  return { events, refused, passed, position, formats: reading.formats, coverage: reading.coverage() };
}

describe("Zeek's history", () => {
  test.each([
    ['ShADadFf', 'handshake', 'originator', undefined],
    ['ShAdDaFf', 'handshake', 'responder', undefined],
    ['ShAdaFf', 'handshake', 'responder', undefined],
    ['ShADad', 'handshake', 'originator', undefined],
    ['S', 'attempt', undefined, undefined],
    ['Sr', 'attempt', undefined, undefined],
    ['R', 'attempt', undefined, undefined],
    ['DadA', 'midstream', undefined, undefined],
    // One side only: asymmetric routing, or a capture of half the traffic.
    ['^hadf', 'one-sided', undefined, undefined],
    ['SADF', 'one-sided', undefined, undefined],
    ['SADadF', 'one-sided', undefined, undefined],
    // The SYN was lost, the SYN-ACK tells enough.
    ['hADad', 'handshake', 'originator', undefined],
    // A direction that Zeek guessed, a gap before the first payload: who spoke first is open.
    ['^ShAdDa', 'handshake', undefined, undefined],
    ['ShgAdD', 'handshake', undefined, undefined],
    ['ShAdgD', 'handshake', 'responder', undefined],
    // Checksum offloading on both sides: nothing can be said.
    ['SchCAD', undefined, undefined, undefined],
    ['Qr', undefined, undefined, 'SYN together with FIN or RST'],
    ['ShADadfIi', 'handshake', 'originator', 'FIN together with RST'],
    ['', undefined, undefined, undefined],
  ])('%s', (history, opening, firstSpeaker, oddFlags) => {
    expect(readHistory(history)).toMatchObject({ opening, firstSpeaker, oddFlags });
  });
});

test.each([
  ['ssl', ['tls']],
  ['krb_tcp', ['kerberos']],
  ['gssapi,smb', ['smb']],
  ['krb,smb,gssapi', ['kerberos', 'smb']],
  ['gssapi', ['gssapi']],
  ['http,-http', ['http']],
  ['-ssl', []],
  ['quic,ssl', ['quic', 'tls']],
  ['spicy_ldap_tcp', ['ldap']],
  ['', []],
  [undefined, []],
])("Zeek's service %s", (service, expected) => {
  expect(servicesOf(service)).toEqual(expected);
});

describe('Zeek TSV', () => {
  test('a connection', () => {
    const { events, formats } = decode(zeekTsv('conn', connFields, [conn({ local: ['T', 'F'] })]));
    expect(formats).toEqual(['zeek-tsv']);
    expect(events).toMatchObject([
      {
        kind: 'flow',
        log: 'conn',
        line: 7,
        uid: 'C1',
        originator: '10.1.0.5',
        responder: '198.51.100.7',
        responderPort: 443,
        transport: 'tcp',
        services: ['tls'],
        duration: 1_000_000,
        originatorBytes: 900,
        responderBytes: 4000,
        localOriginator: true,
        localResponder: false,
        answered: true,
        opening: 'handshake',
        firstSpeaker: 'originator',
      },
    ]);
  });

  test('columns in any order, unknown ones between, local ones unset', () => {
    const { events } = decode(
      zeekTsv('conn', 'vlan history id.resp_p id.resp_h id.orig_p id.orig_h uid ts proto conn_state label', [
        [7, 'S', 445, '10.1.0.9', 5, '10.1.0.8', 'C2', '1767571200.5', 'tcp', 'S0', 'x'],
      ]),
    );
    expect(events).toMatchObject([
      {
        time: 1767571200_500000,
        originator: '10.1.0.8',
        responderPort: 445,
        answered: false,
        opening: 'attempt',
        localOriginator: undefined,
      },
    ]);
  });

  test('logs one after the other in one stream, each under its own header', () => {
    const conns = zeekTsv('conn', connFields, [conn({})]);
    const dns = zeekTsv('dns', 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto query qtype_name Z rejected', [
      ['1767571201', 'C2', '10.1.0.5', 5000, '10.1.0.1', 53, 'udp', 'www.example.com', 'A', 0, 'F'],
    ]);
    const stats = zeekTsv('stats', 'ts mem', [['1767571201', 80]]);
    const { events, passed, refused } = decode(conns + dns + stats + conns);
    expect(events.map(({ kind }) => kind)).toEqual(['flow', 'dns', 'flow']);
    expect(passed).toEqual(['stats']);
    expect(refused).toEqual([]);
  });

  test('another separator, and an own word for unset and empty', () => {
    const { events } = decode(zeekTsv('conn', connFields, [conn({ service: '-' })], { separator: '||' }));
    expect(events).toMatchObject([{ responder: '198.51.100.7', services: [] }]);
    const tabbed = zeekTsv('conn', connFields, [conn({})]).replace('#separator ', '#separator\t');
    expect(decode(tabbed).events).toHaveLength(1);
  });

  test('without #path the columns tell which log it is', () => {
    const { events } = decode(zeekTsv('conn', connFields, [conn({})]).replace(/^#path.*\n/m, ''));
    expect(events).toMatchObject([{ kind: 'flow' }]);
  });

  test('the ports of ICMP are its type and code', () => {
    const { events } = decode(
      zeekTsv('conn', connFields, [conn({ proto: 'icmp', port: 8, service: '-', state: 'OTH', history: '-' })]),
    );
    expect(events).toMatchObject([{ transport: 'icmp', responderPort: undefined, opening: undefined, answered: true }]);
  });

  test.each(['1767571200250', '1767571200.25', '2026-01-05T00:00:00.25Z', '2026-01-05T01:00:00,250+0100'])(
    'the time %s is in milliseconds, seconds or words',
    ts => {
      const time = 1767571200_250000;
      expect(decode(zeekTsv('conn', connFields, [[ts, ...conn({}).slice(1)]])).events).toMatchObject([{ time }]);
      const record = { _path: 'conn', 'id.orig_h': '10.1.0.5', 'id.resp_h': '10.1.0.9' };
      for (const written of [ts, ...(Number.isNaN(Number(ts)) ? [] : [Number(ts)])])
        expect(decode(lines([{ ...record, ts: written }])).events).toMatchObject([{ time }]);
    },
  );

  test('a record without time or party is refused, never dated 1970', () => {
    const rows = [
      conn({}),
      ['XXXXXXXXXX.XXXXXX', ...conn({}).slice(1)],
      // A clock that was never set, and one that counts from 1601.
      ['0.000000', ...conn({}).slice(1)],
      ['134120016000000000', ...conn({}).slice(1)],
      [...conn({}).slice(0, 4), 'nowhere', ...conn({}).slice(5)],
    ];
    const { events, refused } = decode(zeekTsv('conn', connFields, rows));
    expect(events).toHaveLength(1);
    expect(refused).toEqual(['8: no usable ts', '9: no usable ts', '10: no usable ts', '11: no usable id.resp_h']);
  });

  test('what the header does not name is not covered', () => {
    const [covered] = decode(zeekTsv('conn', 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto', [])).coverage;
    expect(covered?.fields.has('originator')).toBe(true);
    expect(covered?.fields.has('opening')).toBe(false);
    expect(covered?.fields.has('services')).toBe(false);
  });
});

describe('Zeek JSON', () => {
  const base = {
    ts: 1767571200.25,
    uid: 'C1',
    'id.orig_h': '10.1.0.5',
    'id.orig_p': 5000,
    'id.resp_h': '198.51.100.7',
    'id.resp_p': 443,
  };
  const connection = { ...base, proto: 'tcp', conn_state: 'SF', history: 'ShADadFf' };

  test.each([
    [
      'named by _path',
      [
        { _path: 'conn', ...connection },
        { _path: 'ssl', ...base, version: 'TLSv12' },
      ],
    ],
    [
      'named by @stream',
      [
        { '@stream': 'conn', ...connection },
        { '@stream': 'ssl', ...base, version: 'TLSv12' },
      ],
    ],
    ['not named at all', [connection, { ...base, version: 'TLSv12', established: true }]],
  ])('%s', (_, records) => {
    const { events, formats } = decode(lines(records));
    expect(formats).toEqual(['zeek-json']);
    expect(events.map(({ kind }) => kind)).toEqual(['flow', 'tls']);
    expect(events[0]).toMatchObject({ time: 1767571200_250000, originator: '10.1.0.5', opening: 'handshake' });
  });

  test('logs that look alike are told apart: kerberos has a cipher too, smtp a trans_depth', () => {
    const kerberos = { ...base, cipher: 'aes256-cts', success: true };
    const smtp = { ...base, trans_depth: 1, helo: 'x' };
    const { events, passed } = decode(lines([connection, kerberos, smtp]));
    expect(events.map(({ log }) => log)).toEqual(['conn', 'smtp']);
    expect(passed).toEqual(['Zeek records of an unknown log']);
  });

  test('a setting is missing until a record shows it', () => {
    const [without] = decode(lines([{ _path: 'ssl', ...base, version: 'TLSv12' }])).coverage;
    expect(without?.missing.get('certificate')).toEqual({
      column: 'validation_status',
      enable: '@load protocols/ssl/validate-certs',
    });
    const [covered] = decode(lines([{ _path: 'ssl', ...base, version: 'TLSv12', validation_status: 'ok' }])).coverage;
    expect(covered?.fields.has('certificate')).toBe(true);
  });
});

describe('Suricata EVE', () => {
  const ends = {
    flow_id: 77,
    src_ip: '10.1.0.5',
    src_port: 5000,
    dest_ip: '198.51.100.7',
    dest_port: 443,
    proto: 'TCP',
  };
  const at = { timestamp: '2026-01-05T08:00:09.000000+0100' };
  const flow = {
    ...at,
    ...ends,
    event_type: 'flow',
    app_proto: 'tls',
    flow: {
      pkts_toserver: 5,
      pkts_toclient: 6,
      bytes_toserver: 5 * 54 + 700,
      bytes_toclient: 6 * 54 + 3000,
      start: '2026-01-05T08:00:00.000000+0100',
      end: '2026-01-05T08:00:09.000000+0100',
      state: 'closed',
    },
    tcp: { tcp_flags_ts: '1b', tcp_flags_tc: '1b' },
  };

  test('a flow begins when it began, not when it was written, and headers are no payload', () => {
    expect(decode(lines([flow])).events).toMatchObject([
      {
        kind: 'flow',
        time: Date.UTC(2026, 0, 5, 7) * 1000,
        duration: 9_000_000,
        services: ['tls'],
        originatorBytes: 700,
        responderBytes: 3000,
        answered: true,
        opening: 'handshake',
        uid: '77',
      },
    ]);
  });

  test.each([
    ['refused', { tcp_flags_ts: '02', tcp_flags_tc: '14' }, { answered: false, opening: 'attempt' }],
    ['in the middle', { tcp_flags_ts: '18', tcp_flags_tc: '18' }, { answered: true, opening: 'midstream' }],
    ['FIN scan', { tcp_flags_ts: '29', tcp_flags_tc: '14' }, { oddFlags: 'FIN without ACK' }],
    // Outside a session Suricata writes 00 whatever the flags were.
    ['no session', { tcp_flags_ts: '00', tcp_flags_tc: '00' }, { opening: undefined, oddFlags: undefined }],
  ])('TCP flags: %s', (_, tcp, expected) => {
    const small = { ...flow.flow, bytes_toserver: 5 * 60, bytes_toclient: 6 * 60 };
    expect(decode(lines([{ ...flow, flow: small, tcp }])).events).toMatchObject([expected]);
  });

  test('a flow met in the middle is turned where its source is plainly the server', () => {
    const ends = { src_ip: '198.51.100.7', src_port: 443, dest_ip: '10.1.0.5', dest_port: 50123 };
    const counts = { ...flow.flow, bytes_toserver: 5 * 54 + 3000, bytes_toclient: 6 * 54 + 700 };
    const midstream = { ...flow, ...ends, flow: counts, tcp: { tcp_flags_ts: '18', tcp_flags_tc: '18' } };
    const turned = { originator: '10.1.0.5', responderPort: 443, originatorBytes: 700, responderBytes: 3000 };
    expect(decode(lines([midstream])).events).toMatchObject([{ ...turned, opening: 'midstream' }]);
    const begun = { ...midstream, tcp: { tcp_flags_ts: '1b', tcp_flags_tc: '1b' } };
    expect(decode(lines([begun])).events).toMatchObject([{ originator: '198.51.100.7', responderPort: 50123 }]);
  });

  test.each([
    ['13', 5 * 54 + 40, 0],
    ['13', 5 * 54 + 900_000, 900_000],
    ['1b', 5 * 54 + 40, 40],
  ])('bytes beyond the headers are payload: flags %s, %i bytes', (flags, bytes, payload) => {
    const record = {
      ...flow,
      flow: { ...flow.flow, bytes_toserver: bytes },
      tcp: { tcp_flags_ts: flags, tcp_flags_tc: '1b' },
    };
    expect(decode(lines([record])).events).toMatchObject([{ originatorBytes: payload }]);
  });

  test('what was recognised in one direction was recognised', () => {
    const record = { ...flow, app_proto: 'failed', app_proto_ts: 'failed', app_proto_tc: 'tls' };
    expect(decode(lines([record])).events).toMatchObject([{ services: ['tls'] }]);
  });

  test('failed is no protocol, and a number for the transport is one', () => {
    const udp = { ...flow, proto: '17', app_proto: 'failed', tcp: undefined };
    expect(decode(lines([udp])).events).toMatchObject([{ transport: 'udp', services: [] }]);
  });

  test('a lawful upgrade keeps what it was before', () => {
    expect(decode(lines([{ ...flow, app_proto: 'tls', app_proto_orig: 'smtp' }])).events).toMatchObject([
      { services: ['smtp', 'tls'] },
    ]);
  });

  test('DNS of version 2 and of version 3, whose responses come from the server', () => {
    const query = { ...at, ...ends, event_type: 'dns', proto: 'UDP', dest_port: 53 };
    const v2 = { ...query, dns: { type: 'query', id: 1, rrname: 'www.example.com', rrtype: 'A' } };
    const answer = {
      ...query,
      dns: { version: 2, type: 'answer', rrname: 'www.example.com', flags: '81c0', rcode: 'NOERROR' },
    };
    const v3 = {
      ...query,
      dns: {
        version: 3,
        type: 'request',
        flags: '100',
        opcode: 0,
        queries: [{ rrname: 'www.example.com', rrtype: 'A' }],
      },
    };
    const response = {
      ...v3,
      src_ip: '198.51.100.7',
      src_port: 53,
      dest_ip: '10.1.0.5',
      dest_port: 5000,
      dns: { ...v3.dns, type: 'response', flags: '8180' },
    };
    const { events } = decode(lines([v2, answer, v3, response]));
    for (const event of events) {
      expect(event).toMatchObject({
        kind: 'dns',
        originator: '10.1.0.5',
        responder: '198.51.100.7',
        responderPort: 53,
      });
    }
    expect(events.map(({ reservedBit }) => reservedBit)).toEqual([undefined, true, false, false]);
    // A question and its answer are two records, but one question.
    expect(events.map(({ query }) => query)).toEqual(['www.example.com', undefined, 'www.example.com', undefined]);
  });

  test('a certificate is judged by its own words', () => {
    const tls = (words: object) => ({ ...at, ...ends, event_type: 'tls', tls: { version: 'TLS 1.2', ...words } });
    const valid = {
      subject: 'CN=a',
      issuerdn: 'CN=b',
      notbefore: '2025-01-01T00:00:00',
      notafter: '2027-01-01T00:00:00',
    };
    const records = [
      tls({}),
      tls(valid),
      tls({ ...valid, issuerdn: 'CN=a' }),
      tls({ ...valid, notafter: '2025-12-31T00:00:00' }),
      tls({ ...valid, notbefore: '2026-06-01T00:00:00' }),
    ];
    expect(decode(lines(records)).events.map(({ certificate, validity }) => [certificate, validity])).toEqual([
      [undefined, undefined],
      ['ok', 'ok'],
      ['self-signed', 'ok'],
      ['ok', 'expired'],
      ['ok', 'not-yet-valid'],
    ]);
  });

  test('an anomaly that the server sent is about the conversation with the server', () => {
    const anomaly = {
      ...at,
      ...ends,
      event_type: 'anomaly',
      src_ip: '198.51.100.7',
      src_port: 443,
      dest_ip: '10.1.0.5',
      dest_port: 50123,
      anomaly: { type: 'applayer', event: 'INVALID_HEARTBEAT', app_proto: 'tls' },
    };
    const decoded = { ...at, event_type: 'anomaly', anomaly: { type: 'decode', event: 'decoder.ipv4.trunc_pkt' } };
    expect(decode(lines([anomaly, decoded])).events).toMatchObject([
      {
        kind: 'weird',
        name: 'INVALID_HEARTBEAT',
        originator: '10.1.0.5',
        responder: '198.51.100.7',
        responderPort: 443,
      },
      { kind: 'weird', name: 'decoder.ipv4.trunc_pkt', originator: undefined, responderPort: undefined },
    ]);
  });

  test('events that nobody reads are passed', () => {
    expect(
      decode(lines([flow, { ...at, event_type: 'engine' }, { ...at, ...ends, event_type: 'drop' }])).passed,
    ).toEqual(['engine', 'drop']);
  });
});

describe('Sysmon, flat', () => {
  const by = {
    SourceName: 'Microsoft-Windows-Sysmon',
    Hostname: 'WS1',
    UtcTime: '2026-01-05 08:00:00.123',
    '@timestamp': '2026-01-05T01:00:00.123Z',
    ProcessId: '4711',
    ProcessGuid: '{a-b}',
    Image: 'C:\\a.exe',
  };

  test('events 1, 3 and 22, by UtcTime', () => {
    const { events } = decode(
      lines([
        { ...by, EventID: 1, CommandLine: 'a.exe -x', ParentImage: 'C:\\b.exe' },
        {
          ...by,
          EventID: 3,
          Protocol: 'tcp',
          Initiated: 'true',
          SourceIp: '10.1.0.5',
          SourcePort: '50001',
          DestinationIp: 'fe80:0:0:0:0:0:0:1',
          DestinationPort: '443',
        },
        { ...by, EventID: 22, QueryName: 'www.example.com' },
      ]),
    );
    const time = Date.UTC(2026, 0, 5, 8, 0, 0, 123) * 1000;
    expect(events).toMatchObject([
      {
        kind: 'process-start',
        time,
        host: 'WS1',
        image: 'C:\\a.exe',
        processId: 4711,
        commandLine: 'a.exe -x',
        parentImage: 'C:\\b.exe',
      },
      {
        kind: 'process-connect',
        time,
        originator: '10.1.0.5',
        responder: 'fe80::1',
        responderPort: 443,
        initiated: true,
      },
      { kind: 'process-dns', time, query: 'www.example.com' },
    ]);
  });

  test.each(['<unknown process>', '&lt;unknown process&gt;', '-'])('%s is no image', image => {
    expect(decode(lines([{ ...by, EventID: 1, Image: image }])).events).toMatchObject([{ image: undefined }]);
  });

  test("other providers' events of the same number are not Sysmon's", () => {
    const { passed, events } = decode(lines([{ ...by, EventID: 3, SourceName: 'Microsoft-Windows-PowerShell' }]));
    expect(events).toEqual([]);
    expect(passed).toEqual(['Microsoft-Windows-PowerShell']);
  });
});

test.each([
  ['Nov 19 08:00:01 host sshd[1]: hello', 'text that is neither JSON nor under a Zeek header (a #fields line)'],
  ['{"ts":', 'damaged JSON'],
  ['{}', 'JSON, but not as Zeek, Suricata EVE or an export of Windows events writes it (it has no keys)'],
  [
    '{"a":1,"b":2}',
    'JSON, but not as Zeek, Suricata EVE or an export of Windows events writes it (it begins with a, b)',
  ],
  ['{"event":{},"oddtalk":{}}', 'findings of oddtalk itself'],
  ['<Objs Version="1.1.0.1">', 'XML, but no Windows event'],
])('what is no log is named: %s', (line, reason) => {
  expect(formatOf(line)).toEqual({ reason });
});

test.each([
  ['TLSv12', 'TLS 1.2'],
  ['TLS 1.2', 'TLS 1.2'],
  ['TLSv1', 'TLS 1.0'],
  ['TLSv10', 'TLS 1.0'],
  ['SSLv3', 'SSL 3.0'],
  ['DTLSv12', 'DTLS 1.2'],
  ['TLSv13-draft28', 'TLSv13-draft28'],
  [undefined, undefined],
])('the TLS version %s is %s, whoever logged it', (text, version) => {
  expect(tlsVersion(text)).toBe(version);
});

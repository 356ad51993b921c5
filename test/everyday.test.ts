import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { connLog, lines, MONDAY, zeekTsv } from './logs.ts';
import { folder, run } from './run.ts';

/** Traffic that looks odd to a rule that does not know better, and is seen every day. */

const DAY = 86400;
const ends = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p';
const from = (originator: string, responder: string, port: number): readonly string[] => [
  ...[`${MONDAY}`, 'C1', originator, '50000', responder, `${port}`],
];

const told = async (files: Readonly<Record<string, string>>) => {
  const { findings } = await run(['hunt', await folder(files)]);
  return findings.filter(({ oddtalk }) => oddtalk.level !== 'informational').map(({ message }) => message);
};

describe('nothing is said of', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    [
      'half-open scans from outside: no payload went anywhere',
      {
        'conn.log': connLog([
          {
            ...{ from: '203.0.113.9', to: '10.0.0.6', port: 443, service: '-', local: ['F', 'T'] },
            ...{ bytes: [0, 0], state: 'RSTO', history: 'ShR' },
          },
        ]),
      },
    ],
    [
      'SIP in plain JSON, which shares fields with http.log',
      {
        'sip.json': lines([
          {
            ...{ ts: MONDAY, uid: 'C1', 'id.orig_h': '10.0.0.7', 'id.orig_p': 5060 },
            ...{ 'id.resp_h': '10.0.0.2', 'id.resp_p': 5060, trans_depth: 0, method: 'REGISTER' },
            ...{ uri: 'sip:pbx.example', request_from: 'x', call_id: 'a', request_body_len: 0 },
          },
        ]),
      },
    ],
    [
      'blanks in what Zeek has decoded, and a version that is the reply’s',
      {
        'http.log': zeekTsv('http', `${ends} method host uri version`, [
          [...from('10.0.0.5', '198.51.100.7', 80), 'GET', 'www.example', '/Feedback & Support', '1.1'],
          [...from('10.0.0.6', '198.51.100.7', 80), 'GET', '-', '/health', '1.1'],
        ]),
      },
    ],
    [
      'methods that Zeek does not know',
      {
        'weird.log': zeekTsv('weird', `${ends} name addl notice peer`, [
          [...from('10.0.0.5', '198.51.100.7', 80), 'unknown_HTTP_method', 'PATCH', 'F', 'zeek'],
        ]),
      },
    ],
    [
      'a call over WebRTC: DTLS on any port, without names, self-signed',
      {
        'conn.log': connLog([{ to: '198.51.100.30', port: 19305, proto: 'udp', service: 'dtls', history: 'Dd' }]),
        'ssl.log': zeekTsv('ssl', `${ends} version server_name subject issuer`, [
          [...from('10.1.0.5', '198.51.100.30', 19305), 'DTLSv12', '-', 'CN=WebRTC', 'CN=WebRTC'],
        ]),
      },
    ],
    [
      'checksums that the sensor’s own host leaves to its network card',
      { 'conn.log': connLog([{ port: 443, service: '-', bytes: [0, 500], state: 'SHR', history: 'Chadf' }]) },
    ],
    [
      'NetBIOS, which has operations of its own',
      {
        'dns.log': zeekTsv('dns', `${ends} proto query qclass opcode Z`, [
          [...from('10.0.0.5', '10.0.0.255', 137), 'udp', 'WORKSTATION1', '1', '8', '0'],
        ]),
      },
    ],
    [
      'a program whose path Windows writes with other capitals today',
      {
        'sysmon.json': lines(
          Array.from({ length: 200 }, (_, index) => ({
            ...{ EventID: 3, SourceName: 'Microsoft-Windows-Sysmon', Hostname: `PC${index % 20}` },
            UtcTime: new Date((MONDAY + Math.floor(index / 20) * DAY) * 1000)
              .toISOString()
              .replace('T', ' ')
              .slice(0, 23),
            Image: index === 199 ? 'C:\\WINDOWS\\system32\\svchost.exe' : 'C:\\Windows\\System32\\svchost.exe',
            ...{ SourceIp: `10.0.0.${index % 20}`, SourcePort: 5, DestinationIp: '10.0.1.1', DestinationPort: 443 },
            ...{ Protocol: 'tcp', Initiated: 'true', ProcessId: 1, ProcessGuid: '{1}' },
          })),
        ),
      },
    ],
    [
      'TLS that a proxy passes on, where conn.log is not there to say so',
      {
        'http.log': zeekTsv('http', `${ends} method host uri version`, [
          [...from('10.0.0.5', '10.0.0.9', 3128), 'CONNECT', 'www.example:443', 'www.example:443', '1.1'],
        ]),
        'ssl.log': zeekTsv('ssl', `${ends} version server_name`, [
          [...from('10.0.0.5', '10.0.0.9', 3128), 'TLSv13', 'www.example'],
        ]),
      },
    ],
    [
      'TLS inside QUIC, which is not TCP',
      {
        'conn.log': connLog([{ to: '198.51.100.30', port: 80, proto: 'udp', service: 'quic,ssl', history: 'Dd' }]),
        'ssl.log': zeekTsv('ssl', `${ends} version server_name`, [
          [...from('10.1.0.5', '198.51.100.30', 80), 'TLSv13', 'www.example'],
        ]),
      },
    ],
  ])('%s', async (_, files) => {
    expect(await told(files)).toEqual([]);
  });
});

test('callers from outside are told together, of a public server of ours too', async () => {
  const call = (index: number) => ({
    ...{ from: `203.0.113.${index}`, to: '198.51.100.10', port: 443, service: 'ssl', history: 'ShAdDaFf' },
    ...{ uid: `C${index}`, local: ['F', 'T'] as const },
  });
  for (const callers of [3, 6]) {
    const { findings } = await run([
      'hunt',
      await folder({ 'conn.log': connLog([1, 2, 3, 4, 5, 6].slice(0, callers).map(call)) }),
    ]);
    const finding = findings.find(({ rule }) => rule.id === 'server-speaks-first');
    expect(finding?.message).toMatch(/^outside → 198\.51\.100\.10:443: /);
    expect(finding?.source).toBeUndefined();
    expect(finding?.network?.direction).toBe('inbound');
  }
});

test('knocking at addresses where nobody is makes no hosts', async () => {
  const flows = [5, 6, 7].map(host => ({ from: `10.1.0.${host}`, uid: `C${host}` }));
  const knocks = Array.from({ length: 300 }, (_, index) => ({
    ...{ from: '198.18.5.5', to: `10.9.${index >> 8}.${index & 255}`, port: 23, service: '-', uid: `K${index}` },
    ...{ bytes: [0, 0] as const, state: 'S0', history: 'S', local: ['F', 'T'] as const },
  }));
  const odd = { port: 4444, service: 'ssl', uid: 'CODD' };
  const { findings } = await run(['hunt', await folder({ 'conn.log': connLog([...flows, odd, ...knocks]) })]);
  expect(findings.find(({ rule }) => rule.id === 'service-on-unusual-port')?.oddtalk.baseline?.prevalence).toEqual({
    hosts: 1,
    of: 3,
  });
});

test('a matter of no host and of many hosts is one finding, and what is counted are hosts', async () => {
  const weirds = Array.from({ length: 12 }, (_, index) => [
    ...from(`10.0.0.${index}`, `198.51.100.${index}`, 80),
    'NUL_in_line',
    '-',
    'F',
    'zeek',
  ]);
  const nobody = [`${MONDAY}`, '-', '-', '-', '-', '-', 'NUL_in_line', '-', 'F', 'zeek'];
  const { findings } = await run([
    'hunt',
    await folder({ 'weird.log': zeekTsv('weird', `${ends} name addl notice peer`, [nobody, ...weirds]) }),
  ]);
  expect(findings.map(({ oddtalk }) => oddtalk.baseline?.prevalence)).toEqual([{ hosts: 12, of: 12 }]);
});

test('which of two machines has an address does not depend on who was read first', async () => {
  const connect = (Hostname: string) => ({
    ...{ EventID: 3, SourceName: 'Microsoft-Windows-Sysmon', UtcTime: '2026-01-05 00:00:00.000', Hostname },
    ...{ Image: 'C:\\a.exe', SourceIp: '10.1.0.5', SourcePort: 5, DestinationIp: '10.0.1.1', DestinationPort: 443 },
    ...{ Protocol: 'tcp', Initiated: 'true', ProcessId: 1, ProcessGuid: '{1}' },
  });
  const names = [];
  for (const hosts of [
    ['AAA', 'BBB'],
    ['BBB', 'AAA'],
  ]) {
    const files = { 'conn.log': connLog([{ port: 4444, service: 'ssl' }]), 'sysmon.json': lines(hosts.map(connect)) };
    const { findings } = await run(['hunt', await folder(files)]);
    names.push(findings.find(({ rule }) => rule.id === 'service-on-unusual-port')?.host?.name);
  }
  expect(names).toEqual(['AAA', 'AAA']);
});

test('which of three hosts speaks for all does not depend on who was read first', async () => {
  const rule = (await readFile('rules/first-seen/first-seen-talker.yml', 'utf8')).replace(
    /surprise: .*/,
    'surprise: 1',
  );
  const met = [1, 2, 3].map(host => ({ ts: MONDAY + host * 600, from: `10.0.0.${host}`, uid: `A${host}` }));
  const odd = [1, 2, 3].map(host => ({
    ...{ ts: MONDAY + DAY, from: `10.0.0.${host}`, uid: `B${host}`, to: '203.0.113.81', port: 4444 },
  }));
  const flows = [...met, ...odd];
  const since = [];
  for (const order of [flows, [...flows].reverse()]) {
    const root = await folder({ 'conn.log': connLog(order), 'mine/first-seen/first-seen-talker.yml': rule });
    const options = ['--rules', `${root}/mine`, '--only', 'first-seen-talker', '--warmup', '1h'];
    const { findings } = await run(['hunt', `${root}/conn.log`, ...options]);
    since.push(findings.map(({ oddtalk }) => oddtalk.baseline?.known_since));
  }
  expect(since[0]).toHaveLength(1);
  expect(since[1]).toEqual(since[0]);
});

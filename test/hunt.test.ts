import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/finding/finding.ts';
import { tarOf, zipOf, zstdOf } from './archives.ts';
import { type Conn, conn, connFields, connLog, lines, MONDAY, zeekTsv } from './logs.ts';
import { folder, run, summaryOf } from './run.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Findings without where exactly their lines stand. */
const withoutPlaces = (findings: readonly Finding[]) =>
  findings.map(({ event: { reason, ...event }, oddtalk: { evidence, ...oddtalk }, ...finding }) => ({
    ...finding,
    event,
    oddtalk: {
      ...oddtalk,
      evidence: evidence
        .map(({ line, source, ...piece }) => piece)
        .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
    },
  }));

/** A week of an office: four hosts, three servers; on Friday one host uses a port and a peer that nobody used. */
const office: readonly Conn[] = [0, 1, 2, 3, 4].flatMap(day => [
  ...[5, 6, 7, 8].flatMap((host, index) =>
    [88, 445, 80].map((port, which) => ({
      ts: MONDAY + day * DAY + 8 * HOUR + index * 60 + which,
      uid: `C${day}${host}${port}`,
      from: `10.1.0.${host}`,
      to: `10.1.0.${100 + which}`,
      port,
      service: ['krb_tcp', 'gssapi,smb', 'http'][which] ?? '-',
    })),
  ),
  ...(day === 4
    ? [
        {
          ts: MONDAY + day * DAY + 15 * HOUR,
          uid: 'CODD',
          from: '10.1.0.6',
          to: '10.1.0.8',
          port: 3389,
          service: 'rdp',
        },
      ]
    : []),
]);

describe('the same input gives the same findings', () => {
  const hunted = async (paths: readonly string[]) => {
    const { findings, stderr } = await run(['hunt', ...paths, '--reproducible']);
    expect(stderr).toBe('');
    return findings;
  };

  test('twice, byte for byte, and whatever the order of the arguments', async () => {
    const logs = await folder({ 'a.log': connLog(office.slice(0, 20)), 'b.log': connLog(office.slice(20)) });
    const [a, b] = ['a.log', 'b.log'].map(name => path.join(logs, name));
    const outputs = [];
    for (const paths of [[`${a}`, `${b}`], [`${b}`, `${a}`], [logs], [logs, `${a}`]]) {
      outputs.push((await run(['hunt', ...paths, '--reproducible'])).stdout);
    }
    expect(outputs[0]).toContain('first-seen-talker');
    expect(new Set(outputs).size).toBe(1);
  });

  test('in whichever order the lines stand: newness is a fact about time', async () => {
    const logs = await folder({ 'straight.log': connLog(office), 'backwards.log': connLog([...office].reverse()) });
    const straight = await hunted([path.join(logs, 'straight.log')]);
    const backwards = await hunted([path.join(logs, 'backwards.log')]);
    expect(straight.map(({ rule }) => rule.id)).toContain('first-seen-talker');
    expect(withoutPlaces(backwards)).toEqual(withoutPlaces(straight));
  });

  test('in one file or in many, plain or gzipped, from a file or from a pipe', async () => {
    const whole = connLog(office);
    const parts = Object.fromEntries(office.map((one, index) => [`${index}.log.gz`, gzipSync(connLog([one]))]));
    const logs = await folder({
      'one/conn.log': whole,
      ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [`many/${name}`, part])),
    });
    const one = await hunted([path.join(logs, 'one')]);
    const many = await hunted([path.join(logs, 'many')]);
    const piped = await run(['hunt', '-', '--reproducible'], { stdin: gzipSync(whole) });
    expect(withoutPlaces(many)).toEqual(withoutPlaces(one));
    expect(withoutPlaces(piped.findings)).toEqual(withoutPlaces(one));
  });
});

test('a host that meets hundreds of thousands at once is told in one finding', { timeout: 60_000 }, async () => {
  const quiet = Array.from({ length: 10 }, (_, day) => ({ ts: MONDAY + day * DAY, uid: `C${day}` }));
  const meetings = Array.from({ length: 150_000 }, (_, index) => ({
    ...{
      ts: MONDAY + 10 * DAY + index / 10,
      uid: `D${index}`,
      to: `203.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
    },
    ...{ port: 6881, proto: 'udp', service: '-', history: 'Dd' },
  }));
  const { findings, stderr } = await run(['hunt', await folder({ 'conn.log': connLog([...quiet, ...meetings]) })]);
  expect(stderr).toBe('');
  expect(findings.map(({ oddtalk }) => oddtalk.count)).toEqual([150_000]);
});

test('what a thread cannot do is done without it', async () => {
  // Run from source, threads have no JavaScript to load (on Node 20), and every one of them fails.
  const [alone, crew] = await Promise.all([
    run(['hunt', 'samples', '--reproducible', '--jobs', '1']),
    run(['hunt', 'samples', '--reproducible', '--jobs', '2']),
  ]);
  expect(crew.stdout).toBe(alone.stdout);
  expect(alone.findings.length).toBeGreaterThan(20);
});

describe('what comes is read', () => {
  const flow = {
    timestamp: '2026-01-05T00:00:01.000000+0000',
    event_type: 'flow',
    flow_id: 1,
    src_ip: '10.1.0.5',
    src_port: 1,
    dest_ip: '198.51.100.7',
    dest_port: 443,
    proto: 'TCP',
    flow: {},
  };
  const zeek = {
    _path: 'http',
    ts: MONDAY,
    uid: 'C1',
    'id.orig_h': '10.1.0.5',
    'id.orig_p': 1,
    'id.resp_h': '198.51.100.7',
    'id.resp_p': 80,
    method: 'GET',
  };
  const sysmon = {
    SourceName: 'Microsoft-Windows-Sysmon',
    EventID: 22,
    UtcTime: '2026-01-05 00:00:00.000',
    Hostname: 'WS1',
    QueryName: 'a.example',
  };

  test('formats one after the other and line by line in one stream', async () => {
    const stdin = connLog([{}, {}]) + lines([flow, zeek, sysmon, zeek, flow]) + connLog([{}]) + lines([sysmon]);
    const { records, bad, inputs } = await summaryOf(['-'], [], { stdin });
    expect({ records, bad }).toEqual({ records: { flow: 5, http: 2, 'process-dns': 2 }, bad: 0 });
    expect(inputs).toMatchObject([{ path: '-', format: 'zeek-tsv,suricata-eve,zeek-json,windows-events', records: 9 }]);
  });

  test.each([
    ['CRLF', connLog([{}, {}], { end: '\r\n' })],
    ['no newline at the end', connLog([{}, {}], { close: false }).replace(/\n$/, '')],
    ['a byte order mark', `\ufeff${connLog([{}, {}])}`],
    ['NUL bytes between, from a crash', connLog([{}], { close: false }) + '\0'.repeat(5000) + connLog([{}])],
    ['a comment before the header', `### BTest baseline data\n${connLog([{}, {}])}`],
    ['blank lines', connLog([{}, {}]).replaceAll('\n', '\n\n')],
    ['a JSON file that begins with blank lines', `\n\n${lines([flow, flow])}`],
  ])('%s', async (_, stdin) => {
    const { records, bad } = await summaryOf(['-'], [], { stdin });
    expect({ records, bad }).toEqual({ records: { flow: 2 }, bad: 0 });
  });

  test('headers only is a log without records, and no trouble', async () => {
    const { inputs, unreadable, ran } = await summaryOf([await folder({ 'conn.log': connLog([]) })]);
    expect(inputs).toMatchObject([{ format: 'zeek-tsv', records: 0, bad: 0 }]);
    expect(unreadable).toEqual([]);
    expect(ran.code).toBe(0);
  });

  test('a bad line is counted and named, and nothing beside it is lost', async () => {
    const text = `${lines([flow])}{"cut":\n${lines([flow])}garbage\n${lines([{ ...flow, src_ip: 'nowhere' }, flow])}`;
    const logs = await folder({ 'eve.json': text });
    const { records, bad, ran } = await summaryOf([logs]);
    expect({ records, bad, code: ran.code }).toEqual({ records: { flow: 3 }, bad: 3, code: 0 });
    const file = path.join(logs, 'eve.json');
    expect(ran.stderr).toBe(
      `oddtalk: ${file}:2: not a JSON object\noddtalk: ${file}:4: not a JSON object\noddtalk: ${file}:5: no usable src_ip\n`,
    );
  });

  test('of many bad lines of a kind the first three are named', async () => {
    const text = lines([flow]) + 'garbage\n'.repeat(500) + lines([flow]);
    const logs = await folder({ 'eve.json': text });
    const { bad, ran } = await summaryOf([logs]);
    expect(bad).toBe(500);
    expect(ran.stderr.match(/not a JSON object/g)).toHaveLength(4);
    expect(ran.stderr).toContain(`oddtalk: … and 497 more lines of ${path.join(logs, 'eve.json')}: not a JSON object`);
  });

  test('each of many sources has its first bad lines named, up to what anybody reads', async () => {
    const text = `${lines([flow])}garbage\n`;
    const two = await summaryOf([await folder({ 'a.json': text.repeat(9), 'b.json': text })]);
    expect(two.ran.stderr).toMatch(/b\.json:2: not a JSON object/);
    const many = await summaryOf([
      await folder(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`${index}.json`, text]))),
    ]);
    expect(many.bad).toBe(40);
    expect(many.ran.stderr.trim().split('\n')).toHaveLength(31);
    expect(many.ran.stderr).toContain('oddtalk: … and 10 more lines of 10 files: not a JSON object');
  });

  test('one record of a stray clock silences nobody', async () => {
    const ids = async (rows: readonly Conn[]) => {
      const { findings } = await run(['hunt', await folder({ 'conn.log': connLog(rows) })]);
      return findings.map(({ rule }) => rule.id);
    };
    expect(await ids(office)).toContain('first-seen-talker');
    expect(
      await ids([...office, { ts: 3_900_000_000, from: '10.1.0.9', port: 123, proto: 'udp', service: 'ntp' }]),
    ).toContain('first-seen-talker');
  });

  test('a line of many megabytes is skipped with a count', async () => {
    const text = `${lines([flow])}{"huge":"${'x'.repeat(9 << 20)}"}\n${lines([flow])}`;
    const { records, bad, ran } = await summaryOf(['-'], [], { stdin: text });
    expect({ records, bad }).toEqual({ records: { flow: 2 }, bad: 1 });
    expect(ran.stderr).toMatch(/^oddtalk: -:2: a line of 9437195 bytes, longer than any record\n$/);
  });

  test('gzip that is cut short: the records before the break are used, and the run says so', async () => {
    const many = gzipSync(
      connLog(
        Array.from({ length: 20_000 }, (_, index) => ({ ts: MONDAY + index, uid: `C${Math.imul(index, 2654435761)}` })),
      ),
    );
    const logs = await folder({
      'conn.log.gz': many.subarray(0, many.length / 2),
      'dns.json': lines([{ ...zeek, _path: 'dns' }]),
    });
    const { records, unreadable, ran } = await summaryOf([logs]);
    expect(records.dns).toBe(1);
    expect(records.flow).toBeGreaterThan(5000);
    expect(unreadable).toEqual([
      {
        path: path.join(logs, 'conn.log.gz'),
        reason: `its gzip data is cut short; the ${records.flow} records before that were read`,
      },
    ]);
    expect(ran.code).toBe(2);
  });

  test('an archive whose name does not say so is not read by half', async () => {
    const header = Buffer.alloc(512);
    header.write('conn.log');
    header.write('ustar', 257);
    const logs = await folder({ 'logs.gz': gzipSync(Buffer.concat([header, Buffer.from(connLog([{}]))])) });
    const { skipped, ran } = await summaryOf([logs]);
    expect(skipped.map(({ reason }) => reason)).toEqual(['a tar archive (name it .tar or .tar.gz)']);
    expect(ran.stderr).not.toContain('conn.log:');
  });

  test.each(['logs.zip', 'logs.tar', 'logs.tar.gz', 'logs.tgz', 'logs.tar.zst'])(
    'files in an archive are read as if they lay there: %s',
    async name => {
      const files = {
        'zeek/conn.log': connLog([{}, { to: '10.1.0.200' }]),
        'zeek/dns.log.gz': gzipSync(
          zeekTsv('dns', 'ts uid id.orig_h id.resp_h query rejected', [
            [MONDAY, 'C1', '10.1.0.5', '10.1.0.9', 'a.example', 'F'],
          ]),
        ),
        './zeek/weird.log': zeekTsv('weird', 'ts uid id.orig_h id.resp_h name notice', [
          [MONDAY, 'C1', '-', '-', 'x', 'F'],
        ]),
        'zeek/.hidden.log': connLog([{}]),
        '__MACOSX/conn.log': connLog([{}]),
        'README.txt': 'hello\n',
      };
      const tar = await tarOf(files);
      const packed = { zip: zipOf(files), tar, gz: gzipSync(tar), tgz: gzipSync(tar), zst: zstdOf(tar) };
      const bytes = Object.entries(packed).find(([ending]) => name.endsWith(ending))?.[1];
      const root = await folder({ [name]: bytes ?? '' });
      const { inputs, skipped, records, ran } = await summaryOf([root]);
      const at = (file: string): string => path.join(root, `${name}!${file}`);
      expect(inputs.map(input => input.path)).toEqual([
        at('zeek/conn.log'),
        at('zeek/dns.log.gz'),
        at('zeek/weird.log'),
      ]);
      expect(skipped.map(({ path: file }) => file)).toEqual([at('README.txt')]);
      expect(records).toEqual({ flow: 2, dns: 1, weird: 1 });
      expect(ran.stderr).toBe('');
    },
  );

  test('of an archive that breaks off the files before are used', async () => {
    const noise = Array.from({ length: 3000 }, (_, index) => ({ uid: `C${index * 7919}`, ts: MONDAY + index }));
    const tar = await tarOf({ 'a.log': connLog([{}]), 'b.log': connLog(noise) });
    const root = await folder({
      'cut.tar': tar.subarray(0, 1800),
      'cut.tgz': gzipSync(tar).subarray(0, -2000),
      'cut.zip': zipOf({ a: connLog([{}]) }).subarray(0, -30),
    });
    const { unreadable, records, ran } = await summaryOf([root]);
    expect(records.flow).toBeGreaterThan(1);
    expect(unreadable.map(({ path: file, reason }) => `${path.basename(file)}: ${reason}`)).toEqual([
      'cut.tar: a tar archive that is cut short',
      'cut.tgz: its packed data is cut short',
      expect.stringMatching(/^cut\.tgz!b\.log: its packed data is cut short; the \d+ records before that were read$/),
      'cut.zip: a zip archive that is cut short or damaged: its list of files is missing',
    ]);
    expect(ran.code).toBe(2);
  });

  test('what is no log is skipped and named', async () => {
    const logs = await folder({
      'conn.log': connLog([{}]),
      'README.txt': 'hello\n',
      'trace.pcap': Buffer.from('d4c3b2a102000400', 'hex'),
      'stats.log': zeekTsv('stats', 'ts mem', [[1, 80]]),
      empty: '',
      'comments.txt': '# nothing here\n\n',
      'pretty.json': JSON.stringify({ ts: 1 }, null, 2),
      'line.json': `[${'1,'.repeat(5 << 20)}1]`,
      'findings.ndjson': '{"event":{},"oddtalk":{}}\n',
    });
    const { skipped, inputs, ran } = await summaryOf([logs]);
    expect(inputs.map(input => path.basename(input.path))).toEqual(['conn.log']);
    expect(Object.fromEntries(skipped.map(skip => [path.basename(skip.path), skip.reason]))).toEqual({
      'README.txt': 'text that is neither JSON nor under a Zeek header (a #fields line)',
      'trace.pcap': 'a packet capture (read it with zeek -r or suricata -r first)',
      'stats.log': 'no rule reads stats',
      empty: 'an empty file',
      'comments.txt': 'nothing but blank lines and comments',
      'pretty.json': 'JSON, but not as Zeek, Suricata EVE or an export of Windows events writes it (it begins with ts)',
      'line.json': 'a line of 10485763 bytes, longer than any record',
      'findings.ndjson': 'findings of oddtalk itself',
    });
    expect(ran.code).toBe(0);
  });

  test('--since and --until leave out what lies outside', async () => {
    const logs = await folder({ 'conn.log': connLog([0, 1, 2, 3].map(hour => ({ ts: MONDAY + hour * HOUR }))) });
    const { records, span } = await summaryOf(
      [logs],
      ['--since', '2026-01-05T01:00', '--until', '2026-01-05T03:00:00Z'],
    );
    expect(records).toEqual({ flow: 2 });
    expect(span).toEqual({ from: '2026-01-05T01:00:00.000Z', to: '2026-01-05T02:00:00.000Z' });
  });
});

describe('novelty', () => {
  const ids = (findings: readonly Finding[]) => findings.map(({ rule }) => rule.id);

  test('with too short a span it is silent, and the summary says why', async () => {
    const logs = await folder({ 'conn.log': connLog([{}, { ts: MONDAY + 38 * 60, to: '198.51.100.9' }]) });
    const { blind, ran } = await summaryOf([logs], ['--only', 'first-seen-talker']);
    expect(ran.findings).toEqual([]);
    expect(blind).toEqual([
      {
        rule: 'first-seen-talker',
        missing: 'history: the logs span 38m and warm-up takes 1h',
        fix: 'give it older logs too, or set --warmup or --learn-until',
      },
    ]);
  });

  test('what is new is told: the surprising alone, the routine in one list a host and day', async () => {
    const { findings } = await run(['hunt', await folder({ 'conn.log': connLog(office) }), '--reproducible']);
    expect(findings.find(({ rule }) => rule.id === 'first-seen-talker')).toMatchObject({
      message: '10.1.0.6 → 10.1.0.8:3389: first day on port 3389/tcp',
      source: { ip: '10.1.0.6' },
      destination: { ip: '10.1.0.8', port: 3389 },
      oddtalk: {
        kind: 'first_seen',
        baseline: { known_since: '2026-01-05T08:01:00.000Z', first_seen: '2026-01-09T15:00:00.000Z' },
        evidence: [{ log: 'conn', uid: 'CODD' }],
      },
    });
  });

  test('--max-rows: of hosts that had more values than there is room for nothing is called surprising', async () => {
    const logs = await folder({ 'conn.log': connLog(office) });
    const { forgotten, ran } = await summaryOf([logs], ['--max-rows', '8']);
    expect(forgotten).toMatchObject({ hosts: 4, names: false });
    expect(forgotten.values).toBeGreaterThan(4);
    expect(ran.stderr).toContain('the baseline was full (--max-rows)');
    expect(ids(ran.findings)).not.toContain('first-seen-talker');
    expect((await summaryOf([logs])).forgotten).toEqual({ values: 0, hosts: 0, names: false });
  });

  test('--warmup decides from when on a sighting counts', async () => {
    const logs = await folder({ 'conn.log': connLog(office) });
    expect(ids((await run(['hunt', logs, '--warmup', '4d'])).findings)).toContain('first-seen-talker');
    expect(ids((await run(['hunt', logs, '--warmup', '5d'])).findings)).not.toContain('first-seen-talker');
  });

  test('--learn-until sets it by hand, for hosts that were known by then', async () => {
    const logs = await folder({ 'conn.log': connLog(office) });
    expect(ids((await run(['hunt', logs, '--learn-until', '2026-01-09T14:00:00Z'])).findings)).toContain(
      'first-seen-talker',
    );
    expect(ids((await run(['hunt', logs, '--learn-until', '2026-01-09T16:00:00Z'])).findings)).not.toContain(
      'first-seen-talker',
    );
  });

  test('a knock that nobody answers is no talker', async () => {
    const refused = office.map(one =>
      one.uid === 'CODD' ? { ...one, service: '-', bytes: [0, 0] as const, state: 'REJ', history: 'Sr' } : one,
    );
    const { findings } = await run(['hunt', await folder({ 'conn.log': connLog(refused) })]);
    expect(findings).toEqual([]);
  });
});

describe('whose hosts are ours', () => {
  const strange = (conn: Conn): Conn => ({ service: 'ssh', port: 443, ...conn });
  const hostsOf = async (rows: readonly Conn[], options: readonly string[] = []) => {
    const { findings } = await run([
      'hunt',
      await folder({ 'conn.log': connLog(rows) }),
      '--only',
      'expected-service-absent',
      ...options,
    ]);
    return findings.map(({ host, network }) => [host?.ip?.[0], network?.direction]);
  };

  test('by the private ranges where the sensor says nothing', async () => {
    expect(await hostsOf([strange({ from: '192.168.1.5' })])).toEqual([['192.168.1.5', 'outbound']]);
    expect(await hostsOf([strange({ from: '192.168.1.5', to: '10.0.0.1' })])).toEqual([['192.168.1.5', 'internal']]);
    expect(await hostsOf([strange({ from: '198.51.100.7', to: '203.0.113.1' })])).toEqual([]);
  });

  test("by the sensor's own word", async () => {
    expect(await hostsOf([strange({ from: '203.0.113.5', local: ['T', 'F'] })])).toEqual([['203.0.113.5', 'outbound']]);
    expect(await hostsOf([strange({ from: '10.1.0.5', local: ['F', 'F'] })])).toEqual([]);
  });

  test('by --local-nets before all, in words or in a file', async () => {
    const row = [strange({ from: '203.0.113.5', local: ['F', 'F'] })];
    expect(await hostsOf(row, ['--local-nets', '203.0.113.0/24,fd00::/8'])).toEqual([['203.0.113.5', 'outbound']]);
    const files = await folder({ 'networks.cfg': '# ours\n203.0.113.0/24    Office\n\nfd00::/8\n' });
    expect(await hostsOf(row, ['--local-nets', path.join(files, 'networks.cfg')])).toEqual([
      ['203.0.113.5', 'outbound'],
    ]);
  });

  test('what comes from outside is counted, never listed one by one', async () => {
    const scans = Array.from({ length: 300 }, (_, index) => ({
      from: `198.51.${index >> 8}.${index & 255}`,
      to: '10.99.0.80',
      port: 22 + (index % 50),
      service: '-',
      bytes: [0, 0] as const,
      state: 'S0',
      history: 'S',
      ts: MONDAY + index * 600,
    }));
    const visits = Array.from({ length: 40 }, (_, index) => ({
      from: `203.0.113.${index}`,
      to: '10.99.0.80',
      port: 443,
      service: 'ssh',
      ts: MONDAY + index * 4000,
    }));
    const { inbound, ran } = await summaryOf([await folder({ 'conn.log': connLog([...scans, ...visits]) })]);
    expect(inbound).toEqual({ contacts: 340, unanswered: 300, hosts: 1 });
    expect(ran.findings).toMatchObject([
      {
        message: 'outside → 10.99.0.80:443: SSH on port 443/tcp, where TLS is expected (40 times)',
        network: { direction: 'inbound' },
        oddtalk: { count: 40 },
      },
    ]);
    expect(ran.stdout).not.toMatch(/198\.51|203\.0/);
  });
});

describe('one finding stands for many lines', () => {
  const oneRule = async (rule: string, rows: readonly Conn[]) =>
    (await run(['hunt', await folder({ 'conn.log': connLog(rows) }), '--only', rule])).findings;

  test('10,000 lines about one subject are one finding with the count and ten references', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => ({
      ts: MONDAY + index,
      history: 'ShAdDaFf',
      uid: `C${index}`,
    }));
    const [finding, ...others] = await oneRule('server-speaks-first', rows);
    expect(others).toEqual([]);
    expect(finding?.oddtalk).toMatchObject({ count: 10_000, evidence_total: 10_000 });
    expect(finding?.oddtalk.evidence.map(({ uid }) => uid)).toEqual([
      'C0',
      'C1',
      'C2',
      'C3',
      'C4',
      'C5',
      'C6',
      'C7',
      'C8',
      'C9',
    ]);
  });

  test('a server that three hosts use oddly is one finding about the server', async () => {
    const rows = [5, 6, 7].map(host => ({ from: `10.1.0.${host}`, to: '10.1.0.50', port: 8081, service: 'http' }));
    const findings = await oneRule('service-on-unusual-port', rows);
    expect(findings).toMatchObject([
      {
        message: '3 hosts → 10.1.0.50:8081: HTTP on port 8081/tcp (3 times)',
        destination: { ip: '10.1.0.50', port: 8081 },
        oddtalk: { scope: 'server', hosts: ['10.1.0.5', '10.1.0.6', '10.1.0.7'] },
      },
    ]);
    expect(findings[0]?.source).toBeUndefined();
  });

  test('a host that does the same with five peers is one finding about the host', async () => {
    const rows = [1, 2, 3, 4, 5].map(peer => ({ to: `198.51.100.${peer}`, port: 9999, service: 'ssh' }));
    expect(await oneRule('service-on-unusual-port', rows)).toMatchObject([
      {
        message: '10.1.0.5 → 5 peers: SSH on port 9999/tcp (5 times)',
        oddtalk: {
          scope: 'host',
          peers: ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4', '198.51.100.5'],
        },
      },
    ]);
  });

  test('what ten hosts do is a habit of the network, and weighs less', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => ({
      from: `10.1.0.${index + 1}`,
      to: `198.51.100.${index + 1}`,
      port: 9999,
      service: 'ssh',
    }));
    const [finding, ...others] = await oneRule('service-on-unusual-port', rows);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      message: '12 hosts: SSH on port 9999/tcp (12 times)',
      oddtalk: { scope: 'network', level: 'informational' },
    });
  });
});

describe('a rule whose fields are absent says that it is blind, and what would open its eyes', () => {
  const ends = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p';
  const party = [MONDAY, 'C1', '10.1.0.5', 50000, '198.51.100.7', 443];
  const eve = {
    timestamp: '2026-01-05T00:00:01.000000+0000',
    flow_id: 1,
    src_ip: '10.1.0.5',
    src_port: 1,
    dest_ip: '198.51.100.7',
    dest_port: 443,
    proto: 'TCP',
  };

  test.each([
    [
      'server-speaks-first',
      zeekTsv('conn', `${ends} proto`, [[...party, 'tcp']]),
      'history in Zeek conn.log',
      'log history in Zeek conn.log',
    ],
    [
      'server-speaks-first',
      lines([{ ...eve, event_type: 'flow', flow: {} }]),
      'field in Suricata EVE flow events that tells it',
      'give it Zeek conn.log',
    ],
    [
      'payload-without-handshake',
      lines([{ ...eve, event_type: 'flow', flow: {} }]),
      'tcp.tcp_flags_tc in Suricata EVE flow events',
      'outputs.eve-log.types: flow, whose records of TCP flows hold a tcp object',
    ],
    [
      'illegal-tcp-flags',
      zeekTsv('conn', `${ends} proto`, [[...party, 'tcp']]),
      'history in Zeek conn.log',
      'log history in Zeek conn.log',
    ],
    [
      'self-signed-certificate',
      zeekTsv('ssl', `${ends} version server_name`, [[...party, 'TLSv12', 'a.example']]),
      'validation_status in Zeek ssl.log',
      '@load protocols/ssl/validate-certs',
    ],
    [
      'expired-certificate',
      lines([{ ...eve, event_type: 'tls', tls: { sni: 'a.example', version: 'TLS 1.2' } }]),
      'tls.notafter in Suricata EVE tls events',
      'outputs.eve-log.types.tls.extended: yes',
    ],
    [
      'expired-certificate',
      zeekTsv('ssl', `${ends} version server_name subject issuer`, [[...party, 'TLSv12', 'a.example', 'CN=a', 'CN=b']]),
      'validation_status in Zeek ssl.log',
      '@load protocols/ssl/validate-certs',
    ],
    [
      'tls-without-sni',
      lines([{ ...eve, event_type: 'tls', tls: { subject: 'CN=a', issuerdn: 'CN=b' } }]),
      'tls.sni in Suricata EVE tls events and tls.version in Suricata EVE tls events',
      'outputs.eve-log.types.tls.extended: yes',
    ],
    [
      'payload-without-handshake',
      zeekTsv('conn', `${ends} proto conn_state history`, [[...party, 'tcp', 'OTH', 'DdAa']]),
      'orig_bytes in Zeek conn.log and resp_bytes in Zeek conn.log',
      'log orig_bytes in Zeek conn.log or log resp_bytes in Zeek conn.log',
    ],
    [
      'tls-without-sni',
      zeekTsv('ssl', `${ends} version`, [[...party, 'TLSv12']]),
      'server_name in Zeek ssl.log',
      'log server_name in Zeek ssl.log',
    ],
    [
      'dns-header-oddity',
      zeekTsv('dns', `${ends} proto query`, [[...party, 'udp', 'a.example']]),
      'Z in Zeek dns.log',
      'log Z in Zeek dns.log',
    ],
    [
      'dns-name-oddity',
      zeekTsv('dns', `${ends} proto`, [[...party, 'udp']]),
      'query in Zeek dns.log',
      'log query in Zeek dns.log',
    ],
    [
      'http-syntax-oddity',
      zeekTsv('http', `${ends} status_code`, [[...party, 200]]),
      'method in Zeek http.log',
      'log method in Zeek http.log',
    ],
    ['sensor-oddity', zeekTsv('weird', ends, [party]), 'name in Zeek weird.log', 'log name in Zeek weird.log'],
    [
      'unrecognised-protocol',
      zeekTsv('conn', `${ends} proto conn_state orig_bytes resp_bytes`, [[...party, 'tcp', 'SF', 900, 4000]]),
      'service in Zeek conn.log',
      'log service in Zeek conn.log',
    ],
  ])('%s', async (rule, log, missing, fix) => {
    const { blind, ran } = await summaryOf([await folder({ log })], ['--only', rule]);
    expect(ran.findings).toEqual([]);
    expect(blind).toEqual([{ rule, missing, fix }]);
  });

  test('one witness that has the field is enough', async () => {
    const log = zeekTsv('ssl', `${ends} version validation_status`, [[...party, 'TLSv12', 'ok']]);
    const other = lines([{ ...eve, event_type: 'tls', tls: { version: 'TLS 1.2' } }]);
    const { blind } = await summaryOf([await folder({ log, other })], ['--only', 'self-signed-certificate']);
    expect(blind).toEqual([]);
  });
});

test('evidence leads back to the raw line, in a concatenated and gzipped log too', async () => {
  const text = connLog([{}, {}]) + connLog([{}, { uid: 'CODD', port: 443, service: 'ssh' }]);
  const logs = await folder({ 'conn.log.gz': gzipSync(text) });
  const { findings } = await run(['hunt', logs, '--only', 'expected-service-absent']);
  const [evidence] = findings[0]?.oddtalk.evidence ?? [];
  expect(evidence).toMatchObject({ source: path.join(logs, 'conn.log.gz'), log: 'conn', uid: 'CODD' });
  expect(text.split('\n')[(evidence?.line ?? 0) - 1]).toContain('CODD');
});

test('a sample that was written by hand and the same through JSON give the same subjects', async () => {
  const log = readFileSync('samples/service-on-unusual-port/conn.log', 'utf8');
  const names = log.match(/^#fields\t(.*)$/m)?.[1]?.split('\t') ?? [];
  const records = log
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line =>
      Object.fromEntries(
        line.split('\t').flatMap((value, index) => (value === '-' ? [] : [[names[index], jsonValue(value)]])),
      ),
    );
  const { findings } = await run(['hunt', await folder({ 'conn.json': lines(records) })]);
  expect(findings.map(({ message }) => message)).toEqual([
    '10.1.0.104 → 203.0.113.66:8080: TLS on port 8080/tcp, where HTTP is usual (3 times)',
  ]);
});

const jsonValue = (value: string): unknown =>
  value === 'T' ? true : value === 'F' ? false : /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;

test('the header of conn.log in these tests has the columns that its rows have', () => {
  expect(conn({})).toHaveLength(connFields.split(' ').length);
});

describe('what two sensors saw counts once', () => {
  const flows = [0, 1, 2].map(index => ({
    ...{ uid: `C${index}`, ts: MONDAY + HOUR + index * 61.5, to: '10.1.0.9', port: 8080, history: 'Dd' },
    fromPort: 50000 + index,
  }));
  const twin = flows.map(flow => ({ ...flow, uid: `D${flow.uid}`, ts: flow.ts + 0.0003 }));
  const eve = flows.map(({ ts, fromPort }) => ({
    ...{ timestamp: new Date((ts + 99) * 1000).toISOString(), flow_id: fromPort, event_type: 'flow', proto: 'TCP' },
    ...{ src_ip: '10.1.0.5', src_port: fromPort, dest_ip: '10.1.0.9', dest_port: 8080, app_proto: 'tls' },
    flow: {
      ...{ pkts_toserver: 9, pkts_toclient: 9, bytes_toserver: 900, bytes_toclient: 900, state: 'closed' },
      ...{ start: new Date(ts * 1000 + 0.4).toISOString(), end: new Date(ts * 1000 + 1).toISOString() },
    },
  }));

  const start = connLog([{ uid: 'C', to: '10.1.0.10', port: 22, service: 'ssh' }]);

  const counts = async (files: Record<string, string>) => {
    const { ran, folded } = await summaryOf([await folder({ ...files, start })]);
    const found = ran.findings.filter(({ rule }) => /unusual-port|without-handshake/.test(rule.id));
    return { folded, counts: Object.fromEntries(found.map(({ rule, oddtalk }) => [rule.id, oddtalk.count])) };
  };
  const once = { 'service-on-unusual-port': 3, 'payload-without-handshake': 3 };

  test.each<[string, Record<string, string>]>([
    ['two Zeeks', { 'a/conn.log': connLog(flows), 'b/conn.log': connLog(twin) }],
    [
      'two Zeeks, one of which rotated its log',
      { 'a/conn.log': connLog(flows), 'b/1.log': connLog(twin.slice(0, 1)), 'b/2.log': connLog(twin.slice(1)) },
    ],
    ['the same log under two names', { 'a.log': connLog(flows), 'b.log': connLog(flows) }],
  ])('%s', async (_, files) => {
    expect(await counts(files)).toEqual({ folded: 3, counts: once });
  });

  test('Zeek and Suricata', async () => {
    const { folded, counts: found } = await counts({ 'conn.log': connLog(flows), 'eve.json': lines(eve) });
    expect([folded, found['service-on-unusual-port']]).toEqual([3, 3]);
  });

  test('but not where one of them missed some, or they are others', async () => {
    const all = { 'service-on-unusual-port': 5, 'payload-without-handshake': 5 };
    expect(await counts({ 'a.log': connLog(flows), 'b.log': connLog(twin.slice(1)) })).toEqual({
      folded: 0,
      counts: all,
    });
    const others = flows.map(flow => ({ ...flow, fromPort: flow.fromPort + 7 }));
    const double = { 'service-on-unusual-port': 6, 'payload-without-handshake': 6 };
    expect(await counts({ 'a.log': connLog(flows), 'b.log': connLog(others) })).toEqual({ folded: 0, counts: double });
  });
});

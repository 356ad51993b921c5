import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogueOf, weirdNamed } from '../src/decode/weirds.ts';
import { readHistory } from '../src/decode/zeek/history.ts';
import { disorderIn } from '../src/decode/zeek/ssl-history.ts';
import { isTechnique } from '../src/rule/attack.ts';
import { ownRules, ownWeirds, readRules } from '../src/rule/read.ts';
import { readWeirds } from '../src/rule/weirds.ts';
import { countOf, type Distinct, distinctOf, joinedDistinct } from '../src/value/distinct.ts';
import { conn, connFields, MONDAY, zeekTsv } from './logs.ts';
import { folder, run, summaryOf } from './run.ts';

/** What the rules of the catalogue rest on: the sensors' words, the order of packets and messages, counting, doubt. */

const files = await readWeirds(ownWeirds);
const catalogue = catalogueOf(files);
const rules = await readRules(ownRules);

describe("the sensors' own words", () => {
  test('each is there once, with a rule that there is and techniques that there are', () => {
    const names = files.flatMap(({ entries }) => Object.keys(entries).map(name => name.toLowerCase()));
    expect(names.length).toBeGreaterThan(800);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const ids = new Set(rules.map(({ id }) => id));
    for (const { name, rule, attack } of catalogue.values()) {
      if (rule !== undefined) expect(ids, name).toContain(rule);
      expect(
        attack.filter(id => !isTechnique(id)),
        name,
      ).toEqual([]);
    }
  });

  test('what both sensors say of the same traffic weighs the same, and is told by one rule under one name', () => {
    const twinned = [...catalogue.values()].filter(({ sensor, twins }) => sensor === 'Zeek' && twins.length > 0);
    expect(twinned.length).toBeGreaterThan(40);
    for (const { name, severity, rule, twins } of twinned)
      for (const twin of twins)
        expect(catalogue.get(twin.toLowerCase()), `${name}: ${twin}`).toMatchObject({
          severity,
          rule,
          concept: name,
          sensor: 'Suricata',
        });
  });

  test('a name is known however sensors and versions write it', () => {
    expect(weirdNamed('INVALID_RECORD_TYPE', 'tls')?.name).toBe('tls.invalid_record_type');
    expect(weirdNamed('ipv4.trunc_pkt')?.name).toBe('decoder.ipv4.trunc_pkt');
    expect(weirdNamed('bad_TCP_checksum_in_tunnel')?.severity).toBe('sensor');
    expect(weirdNamed('never_heard_of')).toBeUndefined();
  });

  test('one that the catalogue does not have is told all the same, and one about the capture is not', async () => {
    const rows = ['never_heard_of', 'bad_TCP_checksum'].map((name, index) => [
      MONDAY + index,
      'C1',
      '10.1.0.5',
      50000,
      '198.51.100.7',
      443,
      name,
      '-',
      'F',
      'zeek',
    ]);
    const logs = await folder({
      'weird.log': zeekTsv('weird', 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p name addl notice peer', rows),
    });
    const { findings } = await run(['hunt', logs]);
    expect(findings.map(({ rule, message }) => [rule.id, message])).toEqual([
      ['sensor-oddity', expect.stringContaining('never_heard_of')],
    ]);
  });

  test('rules show weird explains one, and says so where there is nothing to explain', async () => {
    const known = await run(['rules', 'show', 'weird', 'fragment_overlap']);
    expect(known).toMatchObject({ code: 0, stderr: '' });
    expect(known.stdout).toMatch(/^fragment_overlap \(Zeek, medium\)\n/);
    const unknown = await run(['rules', 'show', 'weird', 'fragment_overlop']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('did you mean fragment_overlap?');
  });
});

describe('the order of packets', () => {
  test.each([
    [
      'ShADadFf',
      { opening: 'handshake', firstSpeaker: 'originator', isEarly: false, speaksAfterEnd: undefined, quality: 'whole' },
    ],
    ['ShAdDaFf', { opening: 'handshake', firstSpeaker: 'responder' }],
    ['SDhAdaFf', { isEarly: true, opening: 'handshake' }],
    ['ShAFDdf', { speaksAfterEnd: 'originator' }],
    ['ShADFfd', { speaksAfterEnd: 'responder' }],
    ['ShADFdfR', { speaksAfterEnd: undefined }],
    ['ShADRd', { speaksAfterEnd: undefined }],
    ['ShGADFd', { firstSpeaker: undefined, quality: 'gaps', speaksAfterEnd: undefined }],
    ['^hSDad', { isEarly: false, firstSpeaker: undefined }],
    ['Dd', { opening: 'midstream', quality: undefined }],
    ['S', { opening: 'attempt', quality: undefined }],
    ['^hd', { opening: 'one-sided', quality: 'one side only' }],
    ['ShADadCc', { opening: undefined, quality: 'bad checksums' }],
    ['ShADadWw', { hasStalled: true }],
    ['SQr', { oddFlags: 'SYN together with FIN or RST' }],
    ['ShAi', { oddFlags: 'FIN together with RST' }],
    ['', { opening: undefined, hasAnswer: false }],
  ] as const)('%s', (history, told) => {
    expect(readHistory(history)).toMatchObject(told);
  });
});

test.each([
  ['CsxknGIFif', undefined],
  ['Csiiofd', undefined],
  ['CjCsiof', undefined],
  ['CvCsxknGIFif', undefined],
  ['CsxknGIFifCsxknGIFif', undefined],
  ['xsk', undefined],
  ['Cxkns', 'server messages before the server hello'],
  ['Css', 'two server hellos in one handshake'],
  ['CsxknB', 'a heartbeat before the handshake was done (RFC 6520 section 3)'],
  ['Cd', 'application data from the server before its hello'],
  ['CsQ', 'a record of a type that TLS does not know'],
])('the order of TLS messages: %s', (history, disorder) => {
  expect(disorderIn(history)).toBe(disorder);
});

describe('counting what differs', () => {
  const all = (items: readonly string[]): Distinct => items.map(distinctOf).reduce(joinedDistinct, []);

  test('in any order, in pieces and twice it is the same', () => {
    const items = fc.array(fc.nat({ max: 2000 }).map(String), { maxLength: 700 });
    fc.assert(
      fc.property(items, items, (one, other) => {
        const joined = all([...one, ...other]);
        expect(joinedDistinct(all(other), all(one))).toEqual(joined);
        expect(joinedDistinct(joined, all(one))).toEqual(joined);
      }),
      { numRuns: 40 },
    );
  });

  test.each([1, 50, 100, 256])('%d are counted', many => {
    expect(countOf(all(Array.from({ length: many }, (_, index) => `host ${index}`)))).toBe(many);
  });

  test.each([500, 2000, 10_000])('%d are estimated within 3 %%', many => {
    const estimate = countOf(all(Array.from({ length: many }, (_, index) => `host ${index}`)));
    expect(Math.abs(estimate - many) / many).toBeLessThan(0.03);
  });
});

/** A sweep: one host knocks at so many others, and nobody answers. */
const sweep = (many: number, host = '10.1.0.5') =>
  Array.from({ length: many }, (_, index) =>
    conn({
      ts: MONDAY + 3600 + index,
      uid: `C${host}${index}`,
      from: host,
      to: `10.2.${index >> 8}.${index & 255}`,
      port: 445,
      state: 'S0',
      history: 'S',
      bytes: [0, 0],
    }),
  );

describe('rules that count', () => {
  test('ten thousand lines about one subject are one finding, with the count', async () => {
    const logs = await folder({ 'conn.log': zeekTsv('conn', connFields, sweep(10_000)) });
    const { findings } = await run(['hunt', logs, '--only', 'connection-fan-out']);
    expect(findings.map(({ oddtalk, message }) => [oddtalk.count, message])).toEqual([
      [
        10_000,
        expect.stringMatching(/^10\.1\.0\.5: connects in vain to about [\d,]+ hosts on port 445\/tcp within 1d/),
      ],
    ]);
  });

  test('say the same of one file, of its halves in either order, and over two runs', async () => {
    const rows = sweep(60);
    const half = (from: number, to: number) => zeekTsv('conn', connFields, rows.slice(from, to));
    const whole = await folder({ 'conn.log': zeekTsv('conn', connFields, rows) });
    const halves = await folder({ 'a.conn.log': half(30, 60), 'b.conn.log': half(0, 30) });
    const only = ['--only', 'connection-fan-out'];
    const said = async (...argv: readonly string[]) =>
      (await run(['hunt', ...argv, ...only])).findings.map(({ event, message }) => [event.id, message]);
    const expected = await said(path.join(whole, 'conn.log'));
    expect(expected).toHaveLength(1);
    expect(await said(halves)).toEqual(expected);
    expect(await said(halves, '-j', '2')).toEqual(expected);
    const baseline = path.join(await folder(), 'b.db');
    expect(await said(path.join(halves, 'a.conn.log'), '-b', baseline)).toEqual([]);
    expect(await said(halves, '-b', baseline)).toEqual(expected);
  });

  test('count addresses by what they are, whoever reads them: IPv6 too', async () => {
    const rows = Array.from({ length: 60 }, (_, index) =>
      conn({
        ...{ ts: MONDAY + index, uid: `C${index}`, from: 'fd00::5', to: `fd00:1::${(index % 30) + 1}`, port: 445 },
        ...{ state: 'S0', history: 'S', bytes: [0, 0], local: ['T', 'T'] },
      }),
    );
    const half = (from: number, to: number) => zeekTsv('conn', connFields, rows.slice(from, to));
    const logs = await folder({
      'a.conn.log': half(0, 30),
      'b.conn.log': half(30, 60).replaceAll('fd00:1::1\t', 'fd00:1::1\t'),
      'rules/r.yml': 'id: connection-fan-out\noptions: { least: 30 }\n',
    });
    for (const jobs of ['1', '2', '8']) {
      const { findings } = await run([
        'hunt',
        `${logs}/*.log`,
        '--only',
        'connection-fan-out',
        '--rules',
        path.join(logs, 'rules'),
        '-j',
        jobs,
      ]);
      expect(findings.map(({ message }) => message)).toEqual([expect.stringContaining('connects in vain to 30 hosts')]);
    }
  });

  test('names of a company that do not exist are no made-up domains, and a window takes some time', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => [
      MONDAY + index,
      `C${index}`,
      '10.1.0.5',
      50000 + index,
      '10.1.0.1',
      53,
      'udp',
      `pc${index}.lan`,
      'NXDOMAIN',
    ]);
    const logs = await folder({
      'dns.log': zeekTsv('dns', 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto query rcode_name', rows),
      'rules/r.yml': 'id: nxdomain-burst\noptions: { window: 0s }\n',
    });
    const dns = path.join(logs, 'dns.log');
    expect((await run(['hunt', dns, '--only', 'nxdomain-burst'])).findings).toEqual([]);
    const { stderr } = await run(['hunt', dns, '--only', 'nxdomain-burst', '--rules', path.join(logs, 'rules')]);
    expect(stderr).toMatch(/options\.window: expected a duration of at least a minute/);
  });

  test('a window begins anew: what is spread over two days does not add up', async () => {
    const rows = sweep(60).map(([ts, ...rest], index) => [Number(ts) + (index < 30 ? 0 : 86_400), ...rest]);
    const logs = await folder({ 'conn.log': zeekTsv('conn', connFields, rows) });
    expect((await run(['hunt', logs, '--only', 'connection-fan-out'])).findings).toEqual([]);
  });
});

describe('what the sensor missed', () => {
  const talk = (index: number, history: string) =>
    conn({
      ts: MONDAY + 7200 + index,
      uid: `C${index}`,
      to: `198.51.100.${index % 200}`,
      history,
      state: 'SF',
      bytes: [500, 900],
    });
  /** So many whole conversations and so many of one side, and one without a handshake. */
  const logsOf = (whole: number, oneSided: number) =>
    folder({
      'conn.log': zeekTsv('conn', connFields, [
        conn({ ts: MONDAY, uid: 'C0', to: '198.51.100.250' }),
        ...Array.from({ length: whole }, (_, index) => talk(index, 'ShADadFf')),
        ...Array.from({ length: oneSided }, (_, index) => talk(whole + index, '^hd')),
        conn({
          ts: MONDAY + 9000,
          uid: 'Codd',
          to: '203.0.113.9',
          port: 4444,
          state: 'OTH',
          history: 'DdA',
          bytes: [500, 900],
        }),
      ]),
    });
  const only = ['--only', 'payload-without-handshake'];

  test('nothing: the finding stands as it is', async () => {
    const { doubts, silenced, ran } = await summaryOf([await logsOf(40, 0)], only);
    expect({ doubts, silenced }).toEqual({ doubts: [], silenced: {} });
    expect(ran.findings.map(({ oddtalk }) => oddtalk.confidence)).toEqual([0.8]);
  });

  test('some of it: the rule is less sure, and says why', async () => {
    const { doubts, ran } = await summaryOf([await logsOf(30, 10)], only);
    expect(doubts).toEqual([{ sensor: 'Zeek', lack: 'one side only', share: expect.closeTo(10 / 41, 2), of: 41 }]);
    const [finding] = ran.findings;
    expect(finding?.oddtalk.confidence).toBeLessThan(0.65);
    expect(finding?.oddtalk.score[0]?.because).toContain('one side only in 24 % of what the sensor saw of the host');
  });

  test('most of it: the rule says nothing, and the summary that it does not', async () => {
    const { silenced, ran } = await summaryOf([await logsOf(10, 40)], only);
    expect(ran.findings).toEqual([]);
    expect(silenced).toEqual({ 'payload-without-handshake': 1 });
  });

  test('by another sensor: what it missed says nothing of this one', async () => {
    const logs = await logsOf(40, 0);
    const { writeFile } = await import('node:fs/promises');
    const stats = {
      timestamp: '2026-01-05T01:00:00.000000+0000',
      event_type: 'stats',
      stats: { capture: { kernel_packets: 100, kernel_drops: 60 } },
    };
    await writeFile(path.join(logs, 'eve.json'), `${JSON.stringify(stats)}\n`);
    const { doubts, ran } = await summaryOf([logs], only);
    expect(doubts).toEqual([{ sensor: 'Suricata', lack: 'lost packets', share: 0.6 }]);
    expect(ran.findings.map(({ oddtalk }) => oddtalk.confidence)).toEqual([0.8]);
  });

  test('a column: whoever would infer something from its absence is blind', async () => {
    const logs = await folder({
      'http.log': zeekTsv('http', 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p host uri status_code', [
        [MONDAY, 'C1', '10.1.0.5', 50000, '198.51.100.7', 80, 'x.example', '/', 200],
      ]),
    });
    const { blind, ran } = await summaryOf([logs], ['--only', 'http-reply-oddity']);
    expect(ran.findings).toEqual([]);
    expect(blind).toMatchObject([
      { rule: 'http-reply-oddity', missing: expect.stringContaining('method in Zeek http.log') },
    ]);
  });

  test('by its own word: lost packets lower what is told', async () => {
    const logs = await logsOf(40, 0);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(
      path.join(logs, 'capture_loss.log'),
      zeekTsv('capture_loss', 'ts ts_delta peer gaps acks percent_lost', [[MONDAY, 900, 'zeek', 40, 100, 40]]),
    );
    const { doubts, ran } = await summaryOf([logs], only);
    expect(doubts).toEqual([{ sensor: 'Zeek', lack: 'lost packets', share: 0.4 }]);
    expect(ran.findings.map(({ oddtalk }) => oddtalk.confidence)).toEqual([0.48]);
  });
});

describe('rules that somebody changes', () => {
  test('options and level, by id; what is wrong is said with its line', async () => {
    const logs = await folder({
      'conn.log': zeekTsv('conn', connFields, sweep(30)),
      'mine/sweep.yml': 'id: connection-fan-out\nlevel: high\noptions: { least: 20 }\n',
      'bad/sweep.yml': 'id: connection-fan-out\noptions:\n  least: 1\n',
      'strange/sweep.yml': 'id: connection-fan-out\ntitle: Mine\n',
    });
    const hunt = (rules: string) =>
      run(['hunt', path.join(logs, 'conn.log'), '--only', 'connection-fan-out', '--rules', path.join(logs, rules)]);
    expect((await hunt('mine')).findings.map(({ oddtalk }) => oddtalk.level)).toEqual(['high']);
    expect((await hunt('bad')).stderr).toMatch(
      /sweep\.yml:3: options\.least: expected a number of different hosts or ports, from 2 to 5000/,
    );
    expect((await hunt('strange')).stderr).toMatch(/sweep\.yml:2: title: is no key of a change of a rule/);
    expect(await run(['rules', 'check', path.join(logs, 'mine')])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('all good'),
    });
  });

  test('a technique and a tactic that ATT&CK does not have are refused', async () => {
    const text = readFileSync(path.join(ownRules, 'dns/dns-tunnel.yml'), 'utf8');
    const files = await folder({
      'a/dns-tunnel.yml': text.replace('attack.t1572', 'attack.t1999'),
      'b/dns-tunnel.yml': text.replace('attack.exfiltration', 'attack.exfiltratoin'),
      'c/dns-tunnel.yml': text.replace('attack.t1071.004', 'attack.t1071.099'),
    });
    const check = async (name: string) => (await run(['rules', 'check', path.join(files, name)])).stderr;
    expect(await check('a')).toMatch(/tags\.1: attack\.t1999 is nothing of ATT&CK v18/);
    expect(await check('b')).toMatch(/attack\.exfiltratoin is nothing of ATT&CK v18 \(did you mean exfiltration\?\)/);
    expect(await check('c')).toMatch(/attack\.t1071\.099 is nothing of ATT&CK v18/);
  });

  test('rules show says what a rule needs, of which sensor, with which setting, and what it says', async () => {
    const { stdout } = await run(['rules', 'show', 'tls-weak-cipher']);
    expect(stdout).toContain('Zeek ssl.log (cipher)');
    expect(stdout).toMatch(/Suricata EVE tls events \(tls\.server_handshake\.cipher\), with server_handshake in /);
    expect(stdout).toMatch(/For example \(samples\/tls-weak-cipher\):\n {2}\d/);
    expect(stdout).toMatch(/ATT&CK: T1562\.010, T1557, defense-evasion; analytics: AN1953/);
  });
});

describe('certificates, which Zeek has in a log of their own', () => {
  const ssl = zeekTsv(
    'ssl',
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p version cipher server_name resumed established ssl_history cert_chain_fps',
    [
      [
        MONDAY + 60,
        'C1',
        '10.1.0.5',
        50000,
        '203.0.113.9',
        8443,
        'TLSv12',
        'X',
        'gate.example.net',
        'F',
        'T',
        'CsxknGIFif',
        'b765,c001',
      ],
      [
        MONDAY + 90,
        'C2',
        '10.1.0.5',
        50001,
        '198.51.100.9',
        443,
        'TLSv12',
        'X',
        'www.example.org',
        'F',
        'T',
        'CsxknGIFif',
        'd002,c001',
      ],
    ],
  );
  const fields =
    'ts fingerprint certificate.serial certificate.subject certificate.issuer certificate.not_valid_before certificate.not_valid_after';
  const x509 = zeekTsv('x509', fields, [
    [MONDAY + 60, 'b765', 'AA', 'CN=gate', 'CN=gate', MONDAY - 86_400, MONDAY + 100 * 365 * 86_400],
    [MONDAY + 90, 'd002', 'BB', 'CN=www.example.org', 'CN=CA,O=Honest', MONDAY - 86_400, MONDAY + 90 * 86_400],
  ]);
  const only = ['--only', 'self-signed-certificate,certificate-lifetime'];
  const said = async (...argv: readonly string[]) =>
    (await run(['hunt', ...argv, ...only])).findings
      .map(({ rule, message, oddtalk }) => [rule.id, message, oddtalk.evidence[0]?.log])
      .sort();
  const expected = [
    ['certificate-lifetime', '10.1.0.5 → 203.0.113.9:8443: a certificate that is valid for 36,501 days', 'ssl'],
    ['self-signed-certificate', '10.1.0.5 → 203.0.113.9:8443: a self-signed certificate of gate', 'ssl'],
  ];

  test('are told of those to whom they were shown, whichever log is read first', async () => {
    expect(await said(await folder({ 'ssl.log': ssl, 'x509.log': x509 }))).toEqual(expected);
    expect(await said(await folder({ 'z-ssl.log': ssl, 'a-x509.log': x509 }))).toEqual(expected);
    expect(await said(await folder({ 'ssl.log': ssl }))).toEqual([]);
  });

  test('and over two runs; they are no hosts', async () => {
    const logs = await folder({ 'ssl.log': ssl, 'x509.log': x509 });
    const baseline = path.join(await folder(), 'b.db');
    expect(await said(path.join(logs, 'x509.log'), '-b', baseline)).toEqual([]);
    expect(await said(path.join(logs, 'ssl.log'), '-b', baseline)).toEqual(expected);
    const { stdout } = await run(['baseline', 'stats', '-b', baseline]);
    expect(JSON.parse(stdout)).toMatchObject({ hosts: 1, values: { issued: 2 } });
    const { hosts } = await summaryOf([logs]);
    expect(hosts).toBe(1);
  });
});

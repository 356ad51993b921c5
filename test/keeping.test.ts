import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openDatabase, type Value } from '../src/baseline/store/database.ts';
import { takeLock } from '../src/baseline/store/lock.ts';
import { type Conn, conn, connFields, connLog, MONDAY, zeekTsv } from './logs.ts';
import { folder, run, summaryOf } from './run.ts';

const DAY = 86_400;

/** What twelve hosts do all day, for so many days: each speaks to four servers, of which it met none later than the first day. */
const usual = (days: number, from = 0): readonly Conn[] =>
  Array.from({ length: days * 48 }, (_, index) => {
    const day = from + Math.floor(index / 48);
    const host = index % 12;
    return {
      ts: MONDAY + day * DAY + 8 * 3600 + (index % 48) * 60,
      uid: `U${day}x${index % 48}`,
      from: `10.1.0.${host + 10}`,
      to: `198.51.100.${host * 4 + (Math.floor(index / 12) % 4)}`,
    };
  });

/** A day on which one of them does something else. */
const odd = (day: number): Conn => ({
  ...{ ts: MONDAY + day * DAY + 13 * 3600, uid: `Odd${day}`, from: '10.1.0.12', to: '203.0.113.66', port: 4444 },
  service: '-',
});

const options = ['--warmup', '2d', '--reproducible', '--exit-zero', '--only', 'first-seen-*'];

async function prepared(logs: Readonly<Record<string, string | Buffer>> = {}) {
  const root = await folder({ 'logs/.keep': '', ...logs });
  const baseline = path.join(root, 'b.db');
  const at = (name: string): string => path.join(root, 'logs', name);
  return {
    ...{ root, baseline, at },
    hunt: (...more: readonly string[]) =>
      run(['hunt', path.join(root, 'logs'), '--baseline', baseline, ...options, ...more]),
    /** How many flows the baseline knows of. */
    flows: () => Number(ask(baseline, "SELECT sum(sightings) FROM sightings WHERE trait = 'talker'")[0]?.[0]),
  };
}

function ask(baseline: string, sql: string): readonly (readonly Value[])[] {
  const database = openDatabase(baseline, 'reading');
  const rows = [...database.rows(sql)];
  database.close();
  return rows;
}

const lines = (records: readonly Conn[]): string => records.map(record => `${conn(record).join('\t')}\n`).join('');

describe('a run goes on where the one before ended', () => {
  test('what has been told is not told again, and what is new is', async () => {
    const { at, hunt, flows } = await prepared();
    writeFileSync(at('conn.log'), connLog(usual(5)));
    expect((await hunt()).findings).toEqual([]);
    expect(flows()).toBe(240);
    appendFileSync(at('conn.log'), lines([odd(5)]));
    const [found, ...others] = (await hunt()).findings;
    expect(others).toEqual([]);
    expect(found?.message).toBe('10.1.0.12 → 203.0.113.66:4444: first day on port 4444/tcp');
    // Behind the header, 240 records and the line that closed the file.
    expect(found?.oddtalk.evidence).toMatchObject([{ source: at('conn.log'), line: 248, uid: 'Odd5' }]);
    expect(readFileSync(at('conn.log'), 'utf8').split('\n')[247]).toContain('Odd5');
    const { findings, stderr } = await hunt();
    expect([findings, stderr, flows()]).toEqual([[], '', 241]);
  });

  test('in a file that was renamed, packed, or copied to its .gz', async () => {
    const { at, hunt, flows, baseline } = await prepared();
    const text = connLog(usual(3));
    const cut = text.indexOf('U2x20');
    writeFileSync(at('conn.log'), text.slice(0, cut));
    await hunt();
    const before = flows();
    expect(before).toBeLessThan(144);
    // Rotated while a line was half written, with what came after.
    renameSync(at('conn.log'), at('conn.old.log'));
    writeFileSync(at('conn.log'), connLog(usual(1, 3)));
    appendFileSync(at('conn.old.log'), text.slice(cut));
    await hunt();
    expect(flows()).toBe(192);
    rmSync(at('conn.old.log'));
    writeFileSync(at('conn.old.log.gz'), gzipSync(text));
    await hunt();
    expect(flows()).toBe(192);
    const paths = ask(baseline, 'SELECT DISTINCT source FROM sightings ORDER BY 1').map(([source]) => source);
    expect(paths).toEqual([at('conn.old.log.gz')]);
    // A packed log that goes on behind what was read of it.
    writeFileSync(at('conn.old.log.gz'), gzipSync(text + lines(usual(1, 4))));
    expect((await hunt()).stderr).toBe('');
    expect(flows()).toBe(240);
  });

  test('a half-written line waits, and is read once nothing comes behind it', async () => {
    const { at, hunt, flows } = await prepared();
    writeFileSync(at('conn.log'), connLog(usual(1)) + lines([odd(1)]).trimEnd());
    await hunt();
    expect(flows()).toBe(48);
    await hunt();
    expect(flows()).toBe(49);
    await hunt();
    expect(flows()).toBe(49);
  });

  test('a file that is truncated or rewritten is read anew, and said so', async () => {
    const { at, hunt, flows } = await prepared();
    writeFileSync(at('conn.log'), connLog(usual(2)));
    await hunt();
    truncateSync(at('conn.log'), 0);
    appendFileSync(at('conn.log'), connLog(usual(1, 2)));
    const { stderr, code } = await hunt();
    expect(code).toBe(0);
    expect(stderr).toBe(
      `oddtalk: ${at('conn.log')}: not what it was when it was read before: read anew, so that what it shows may count twice\n`,
    );
    expect(flows()).toBe(144);
  });

  test('a log that was copied before it was truncated is no news', async () => {
    const { at, hunt, flows } = await prepared();
    writeFileSync(at('conn.log'), connLog(usual(2)));
    await hunt();
    writeFileSync(at('conn.log.1'), readFileSync(at('conn.log')));
    truncateSync(at('conn.log'), 0);
    appendFileSync(at('conn.log'), connLog(usual(1, 2)));
    expect((await hunt()).stderr).toBe('');
    expect(flows()).toBe(144);
  });

  test('a packed log that was cut short is read on once it is whole', async () => {
    const { at, hunt, flows } = await prepared();
    const packed = gzipSync(connLog(usual(20)), { level: 0 });
    writeFileSync(at('conn.log.gz'), packed.subarray(0, packed.length >> 1));
    expect((await hunt()).stderr).toContain('cut short');
    const before = flows();
    expect(before).toBeGreaterThan(100);
    writeFileSync(at('conn.log.gz'), packed);
    expect((await hunt()).stderr).toBe('');
    expect(flows()).toBe(960);
  });

  test('a header that stands further on than the beginning still counts', async () => {
    const { at, hunt, flows } = await prepared();
    const fields = connFields.split(' ').reverse();
    const turned = (records: readonly Conn[]) => records.map(record => [...conn(record)].reverse());
    const long = connLog(usual(30)) + zeekTsv('conn', fields.join(' '), turned(usual(1, 30)), { close: false });
    expect(long.length).toBeGreaterThan(1 << 17);
    writeFileSync(at('conn.log'), long);
    await hunt();
    appendFileSync(
      at('conn.log'),
      turned(usual(1, 31))
        .map(values => `${values.join('\t')}\n`)
        .join(''),
    );
    expect((await hunt()).stderr).toBe('');
    expect(flows()).toBe(32 * 48);
  });
});

test('rules that are not asked look all the same, because nobody reads a line twice', async () => {
  const { at, hunt, root, baseline } = await prepared();
  const records = [...usual(2), { ...odd(1), history: 'DadA', state: 'OTH' }];
  writeFileSync(at('conn.log'), connLog(records));
  expect((await hunt()).findings).toEqual([]);
  const all = await run(['hunt', path.join(root, 'logs'), '--baseline', baseline, '--reproducible']);
  expect(all.findings.map(({ rule }) => rule.id)).toContain('payload-without-handshake');
});

test('what --since and --until leave out would be left out for good', async () => {
  const { stderr, code } = await (await prepared()).hunt('--until', '2026-01-07');
  expect([code, stderr]).toEqual([2, expect.stringContaining('--learn-until')]);
});

describe('learn', () => {
  test('takes what it reads for normal', async () => {
    const { at, root, hunt, baseline } = await prepared();
    writeFileSync(at('conn.log'), connLog([...usual(5), odd(5)]));
    const learnt = await run(['learn', path.join(root, 'logs'), '--baseline', baseline]);
    expect([learnt.code, learnt.stdout]).toEqual([0, '']);
    expect((await hunt()).findings).toEqual([]);
    appendFileSync(at('conn.log'), lines([{ ...odd(6), to: '203.0.113.99', port: 5555 }]));
    expect((await hunt()).findings.map(({ destination }) => destination?.port)).toEqual([5555]);
  });

  test('has to know where', async () => {
    const { stderr, code } = await run(['learn', (await prepared()).root]);
    expect([code, stderr]).toEqual([
      2,
      'oddtalk: learn keeps what it reads in a baseline: name its file with --baseline\n',
    ]);
  });
});

describe('what was told', () => {
  test('comes again when its level has risen, and is withdrawn when it does not stand any more', async () => {
    const { at, hunt } = await prepared();
    writeFileSync(at('conn.log'), connLog([...usual(5), odd(5)]));
    const [first] = (await hunt()).findings;
    expect(first?.oddtalk.status).toBeUndefined();
    // That the host did so on the second day already is only read now: then it is not new on the sixth.
    writeFileSync(at('late.log'), connLog([odd(1)]));
    const [withdrawn, ...others] = (await hunt()).findings;
    expect(others).toEqual([]);
    expect(withdrawn?.event).toMatchObject({ id: first?.event.id, risk_score: 0 });
    expect(withdrawn?.oddtalk).toMatchObject({ status: 'withdrawn', level: 'informational' });
    expect(withdrawn?.message).toBe(`no longer stands: ${first?.message}`);
    expect((await hunt()).findings).toEqual([]);
  });

  test('is told again where nobody could hear it', async () => {
    const { at, hunt } = await prepared();
    writeFileSync(at('conn.log'), connLog([...usual(5), odd(5)]));
    expect((await hunt('--min-level', 'high')).findings).toEqual([]);
    expect((await hunt()).findings).toHaveLength(1);
    expect((await hunt()).findings).toEqual([]);
  });
});

describe('the memory of months', () => {
  test('forgets what was not seen for long, but not since when a host is known', async () => {
    const { at, hunt, flows, baseline } = await prepared();
    writeFileSync(at('conn.log'), connLog(usual(3)));
    await hunt();
    const later = usual(1, 200).map(record => ({ ...record, to: '192.0.2.7' }));
    appendFileSync(at('conn.log'), lines(later));
    await hunt();
    // What is old goes at the beginning of a run.
    appendFileSync(at('conn.log'), lines([odd(201)]));
    const { findings } = await hunt('--keep', '90d');
    expect(flows()).toBe(48 + 1);
    expect(ask(baseline, 'SELECT count(*) FROM known')).toEqual([[12]]);
    expect(findings.map(({ oddtalk }) => oddtalk.baseline?.known_since?.slice(0, 10))).toEqual(['2026-01-05']);
  });

  test('one clock that runs ahead does not take everybody along', async () => {
    const { at, hunt, flows } = await prepared();
    writeFileSync(at('conn.log'), connLog([...usual(3), odd(3000)]));
    await hunt();
    await hunt('--keep', '30d');
    expect(flows()).toBe(145);
  });
});

describe('two runs on one baseline', () => {
  test('the second waits, and then says who has it', async () => {
    const { root, baseline, hunt } = await prepared({ 'logs/conn.log': connLog(usual(1)) });
    const lock = takeLock(baseline, 'process 7 on elsewhere');
    const { code, stderr } = await hunt('--lock-timeout', '0.2s');
    expect(code).toBe(2);
    expect(stderr).toContain(`${baseline}: waiting for another run (process 7 on elsewhere)`);
    expect(stderr).toMatch(/another run has it \(process 7 on elsewhere\), and still after .*--lock-timeout/);
    if ('release' in lock) setTimeout(lock.release, 300);
    expect((await hunt()).code).toBe(0);
    expect(existsSync(path.join(root, 'b.db'))).toBe(true);
  });
});

describe('a baseline that cannot be used stops the run before anything is read, and stays as it is', () => {
  const refused = async (content: string | Buffer, message: RegExp) => {
    const { root } = await prepared({ 'logs/conn.log': connLog(usual(1)) });
    const baseline = path.join(root, 'other.db');
    writeFileSync(baseline, content);
    const { code, stderr, stdout } = await run(['hunt', path.join(root, 'logs'), '--baseline', baseline]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(readFileSync(baseline).equals(Buffer.from(content))).toBe(true);
  };

  test('another file', () => refused('hello\n'.repeat(1000), /other\.db: not a baseline of oddtalk/));

  test("somebody else's database, and one of a later version", async () => {
    const { root, hunt, baseline } = await prepared({ 'logs/conn.log': connLog(usual(1)) });
    await hunt();
    const bytes = readFileSync(baseline);
    const foreign = Buffer.from(bytes);
    foreign.writeUInt32BE(7, 68);
    await refused(foreign, /other\.db: not a baseline of oddtalk/);
    const later = Buffer.from(bytes);
    later.writeUInt32BE(99, 60);
    await refused(later, /other\.db: a baseline of a later oddtalk \(its form is 99/);
    await refused(bytes.subarray(0, 6000), /other\.db: a damaged baseline/);
    const torn = Buffer.from(bytes);
    torn.fill(0xff, 8192, 12000);
    await refused(torn, /other\.db: a damaged baseline/);
    expect(existsSync(path.join(root, 'nowhere'))).toBe(false);
    const nowhere = await run(['hunt', path.join(root, 'logs'), '--baseline', path.join(root, 'nowhere', 'b.db')]);
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('b.db')]);
  });
});

describe('baseline', () => {
  test('show says what is normal for a host, in a table or as NDJSON', async () => {
    const { hunt, baseline } = await prepared({ 'logs/conn.log': connLog(usual(3)) });
    await hunt();
    const shown = await run(['baseline', 'show', '10.1.0.12', '-b', baseline], { isTTY: true, columns: 100 });
    expect(shown.stdout).toContain('10.1.0.12, known since 2026-01-05 08:02, last seen 2026-01-07 08:38 UTC');
    expect(shown.stdout).toMatch(/talks to +198\.51\.100\.8:443\/tcp +3 +3/);
    const values = (await run(['baseline', 'show', '10.1.0.12', '-b', baseline])).stdout.trim().split('\n');
    expect(JSON.parse(values[0] ?? '')).toMatchObject({ trait: 'talker', value: '198.51.100.10:443/tcp', days: 3 });
    const unknown = await run(['baseline', 'show', '10.9.9.9', '-b', baseline]);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('nothing is known of 10.9.9.9 (it knows'),
    ]);
  });

  test('merge is what one baseline over both would be; diff, export, forget and prune say what they do', async () => {
    const { root, hunt, baseline } = await prepared({ 'logs/conn.log': connLog(usual(4)) });
    await hunt();
    const both = await folder({ 'one/conn.log': connLog(usual(2)), 'other/conn.log': connLog(usual(2, 2)) });
    const [one, other, all] = ['one.db', 'other.db', 'all.db'].map(name => path.join(root, name)) as [
      string,
      string,
      string,
    ];
    for (const [logs, file] of [
      ['one', one],
      ['other', other],
    ] as const)
      expect((await run(['hunt', path.join(both, logs), '-b', file, ...options])).code).toBe(0);
    expect((await run(['baseline', 'merge', all, one, other])).code).toBe(0);
    const content = 'SELECT trait, host, peer, port, first, last, sightings FROM sightings ORDER BY 1, 2, 3';
    expect(ask(all, content)).toEqual(ask(baseline, content));
    expect((await run(['baseline', 'merge', all, one])).stderr).toContain('is there already');
    expect((await run(['baseline', 'merge', path.join(root, 'x.db'), one, one])).stderr).toContain('would count twice');

    expect((await run(['baseline', 'diff', baseline, all], { isTTY: true })).code).toBe(0);
    expect((await run(['baseline', 'forget', '10.1.0.12', '-b', all])).stderr).toContain('of 10.1.0.12');
    const differing = await run(['baseline', 'diff', baseline, all]);
    expect(differing.code).toBe(1);
    const hosts = differing.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).host);
    expect(new Set(hosts)).toEqual(new Set(['10.1.0.12']));
    const exported = (await run(['baseline', 'export', '-b', all])).stdout.trim().split('\n');
    expect(exported.length + hosts.length).toBe(ask(baseline, 'SELECT * FROM sightings').length);
    expect((await run(['baseline', 'prune', '-b', all, '--before', '2026-02-01'])).stderr).toContain('forgot');
    expect(ask(all, 'SELECT * FROM sightings')).toEqual([]);
    const stats = await run(['baseline', 'stats', '-b', baseline]);
    expect(JSON.parse(stats.stdout)).toMatchObject({ hosts: 12, values: { talker: 48 } });
  });
});

describe('suppressions', () => {
  const logs = { 'logs/conn.log': connLog([...usual(5), odd(5)]) };

  test.each([
    ['a rule and a network', '- { rule: first-*, host: 10.1.0.0/24, reason: x }', true],
    ['a peer and a range of ports', '- { peer: 203.0.113.66, port: 4000-5000, reason: x }', true],
    ['another port', '- { peer: 203.0.113.66, port: 443, reason: x }', false],
    ['another rule', '- { rule: tls-*, reason: x }', false],
    ['a time that was over by then', '- { host: 10.1.0.12, reason: x, expires: 2026-01-08 }', false],
    ['a time that comes later', '- { host: 10.1.0.12, reason: x, expires: 2026-02-01 }', true],
  ])('%s', async (_, text, isCovered) => {
    const { root } = await prepared(logs);
    const file = path.join(root, 's.yml');
    writeFileSync(file, `${text}\n`);
    const { suppression, ran } = await summaryOf([path.join(root, 'logs')], [...options, '--suppress', file]);
    expect(ran.findings).toHaveLength(isCovered ? 0 : 1);
    expect(suppression?.suppressed).toBe(isCovered ? 1 : 0);
    const because = text.includes('2026-01-08') ? 'expired' : 'matches nothing';
    expect(suppression?.idle).toEqual(isCovered ? [] : [{ place: `${file}:1`, because }]);
    const shown = await run(['hunt', path.join(root, 'logs'), ...options, '--suppress', file, '--show-suppressed']);
    expect(shown.findings).toHaveLength(1);
    if (isCovered) expect(shown.findings[0]?.oddtalk.suppressed).toMatchObject({ place: `${file}:1`, reason: 'x' });
  });

  test.each([
    ['- { rul: x, reason: y }', /s\.yml:1: 0\.rul: is no key of a suppression \(did you mean rule\?\)/],
    ['- { rule: x }', /s\.yml:1: 0: reason is missing/],
    ['- { rule: x, reason: y, port: 70000 }', /s\.yml:1: 0\.port: /],
    ['- { rule: x, reason: y, expires: 2026-02-30 }', /s\.yml:1: expires: there is no day 2026-02-30/],
    ['- [', /s\.yml:\d: not valid YAML/],
  ])('%s is refused by file and line', async (text, message) => {
    const { root } = await prepared(logs);
    const file = path.join(root, 's.yml');
    writeFileSync(file, text);
    const { code, stderr } = await run(['hunt', path.join(root, 'logs'), '--suppress', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('what is suppressed is told once it is not any more', async () => {
    const { root, hunt } = await prepared(logs);
    const file = path.join(root, 's.yml');
    writeFileSync(file, '- { host: 10.1.0.12, reason: x }\n');
    expect((await hunt('--suppress', file)).findings).toEqual([]);
    expect((await hunt()).findings).toHaveLength(1);
    // And being suppressed is no reason to withdraw it.
    expect((await hunt('--suppress', file)).findings).toEqual([]);
  });

  test('triage adds what is benign, and keeps what is confirmed', async () => {
    const { root, hunt, baseline } = await prepared(logs);
    const [found] = (await hunt()).findings;
    const id = found?.event.id.slice(0, 8) ?? '';
    const file = path.join(root, 's.yml');
    writeFileSync(file, '# what we know');
    const said = ['--reason', 'it: is "fine"', '--author', 'ann', '-b', baseline];
    const benign = await run(['triage', id, 'benign', ...said, '--for', '30d', '--suppress', file]);
    expect([benign.code, benign.stderr]).toEqual([
      0,
      expect.stringContaining('benign, not told again before 2026-12-20'),
    ]);
    expect(readFileSync(file, 'utf8')).toMatch(/^# what we know\n- rule: first-seen-talker\n {2}host: 10\.1\.0\.12\n/);
    const again = await run(['hunt', path.join(root, 'logs'), ...options, '--suppress', file]);
    expect(again.findings).toEqual([]);
    await run(['triage', id, 'confirmed', ...said]);
    expect(ask(baseline, 'SELECT verdict, author FROM triage')).toEqual([['confirmed', 'ann']]);
    const unknown = await run(['triage', 'ffffffff', 'confirmed', ...said]);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('no finding has been told whose id begins'),
    ]);
    expect((await run(['triage', id, 'fine', ...said])).code).toBe(2);
  });
});

describe('assets', () => {
  const logs = { 'logs/conn.log': connLog([...usual(5), odd(5)]) };

  test.each([
    [
      'YAML',
      'a.yml',
      '- { host: 10.1.0.0/24, role: office }\n- { host: 10.1.0.12, role: server, owner: it, tags: [mail, dmz] }\n',
    ],
    ['CSV', 'a.csv', 'host,role,owner,tags\n10.1.0.0/24,office,,\n10.1.0.12,server,it,mail;dmz\n'],
  ])('in %s: the entry that names a host most closely counts', async (_, name, text) => {
    const { root } = await prepared(logs);
    const file = path.join(root, name);
    writeFileSync(file, text);
    const { findings } = await run(['hunt', path.join(root, 'logs'), ...options, '--assets', file]);
    expect(findings.map(({ oddtalk }) => oddtalk.asset)).toEqual([
      { role: 'server', owner: 'it', tags: ['mail', 'dmz'] },
    ]);
  });

  test('a rule may ask for roles and tags', async () => {
    const { root } = await prepared(logs);
    writeFileSync(path.join(root, 'a.yml'), '- { host: 10.1.0.12, role: scanner }\n');
    const rule = readFileSync(path.join(import.meta.dirname, '../rules/first-seen/first-seen-talker.yml'), 'utf8');
    const told = async (line: string) => {
      const rules = await folder({ 'first-seen/first-seen-talker.yml': `${rule}${line}\n` });
      const ran = await run([
        'hunt',
        path.join(root, 'logs'),
        ...options,
        '--rules',
        rules,
        '--assets',
        path.join(root, 'a.yml'),
      ]);
      const isKnown = line === '' || line.includes('scanner');
      expect(ran.stderr).toBe(
        isKnown ? '' : 'oddtalk: first-seen-talker asks for server, which in --assets no host has\n',
      );
      return ran.findings.length;
    };
    expect(await told('')).toBe(1);
    expect(await told('not_for: [scanner]')).toBe(0);
    expect(await told('only_for: [scanner]')).toBe(1);
    expect(await told('only_for: [server]')).toBe(0);
  });

  test.each([
    ['a.yml', '- { hst: 10.1.0.1, role: x }', /a\.yml:1: .*hst/],
    ['a.csv', 'host,rle\n10.1.0.1,x\n', /a\.csv:1: there is no column rle/],
    ['a.csv', 'host,role\n"10.1.0.1,x\n', /a\.csv:\d: not valid CSV/],
    ['none.yml', undefined, /none\.yml: cannot be read: no such file/],
  ])('what cannot be used is refused: %s %s', async (name, text, message) => {
    const { root } = await prepared(logs);
    if (text !== undefined) writeFileSync(path.join(root, name), text);
    const { code, stderr } = await run(['hunt', path.join(root, 'logs'), '--assets', path.join(root, name)]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('an address that changes hands', () => {
  const lease = (day: number, mac: string) =>
    zeekTsv('dhcp', 'ts uids client_addr mac host_name assigned_addr', [
      [MONDAY + day * DAY + 100, `D${day}`, '-', mac, `pc-${mac.slice(-1)}`, '10.1.0.12'],
    ]);

  test.each([
    ['stays with one machine', '00:00:00:00:00:01', 1],
    ['goes to another', '00:00:00:00:00:02', 0],
  ])('%s', async (_, mac, count) => {
    const { root } = await prepared({
      'logs/conn.log': connLog([...usual(5), odd(5)]),
      ...{ 'logs/a.log': lease(0, '00:00:00:00:00:01'), 'logs/b.log': lease(4, mac) },
    });
    const { findings, stderr } = await run(['hunt', path.join(root, 'logs'), ...options]);
    expect(stderr).toBe('');
    expect(findings).toHaveLength(count);
    if (count > 0) expect(findings[0]?.host).toEqual({ ip: ['10.1.0.12'], name: 'pc-1' });
  });
});

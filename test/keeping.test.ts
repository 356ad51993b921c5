import {
  appendFileSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openDatabase, type Value } from '../src/baseline/store/database.ts';
import { takeLock } from '../src/baseline/store/lock.ts';
import { factsOf, printOf, resumeAll } from '../src/input/progress.ts';
import { keptSources } from '../src/pipeline/sources-read.ts';
import { tarOf } from './archives.ts';
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

describe('nothing is read twice or left out', () => {
  test('in a file that was unpacked, or that is a copy of the beginning of what was read', async () => {
    const { at, hunt, flows } = await prepared();
    const text = connLog(usual(20));
    writeFileSync(at('conn.log.gz'), gzipSync(text));
    await hunt();
    rmSync(at('conn.log.gz'));
    writeFileSync(at('conn.log'), text);
    await hunt();
    expect(flows()).toBe(960);
    // Somebody copies it over itself, and is not done yet.
    truncateSync(at('conn.log'), 6000);
    expect((await hunt()).stderr).toBe('');
    writeFileSync(at('conn.log'), text + lines(usual(1, 20)));
    expect((await hunt()).stderr).toBe('');
    expect(flows()).toBe(1008);
  });

  test('in an archive of the same length', async () => {
    const { at, hunt, flows } = await prepared();
    const tar = async (day: number) => tarOf({ 'conn.log': connLog(usual(1, day)) });
    writeFileSync(at('logs.tar'), await tar(0));
    await hunt();
    const size = statSync(at('logs.tar')).size;
    writeFileSync(at('logs.tar'), await tar(1));
    expect(statSync(at('logs.tar')).size).toBe(size);
    expect((await hunt()).stderr).toContain('not what it was when it was read before');
    expect(flows()).toBe(96);
  });

  test('in a packed log with a byte order mark', async () => {
    const { at, hunt, flows } = await prepared();
    const text = `\ufeff${connLog(usual(1))}`;
    writeFileSync(at('conn.log.gz'), gzipSync(text));
    await hunt();
    writeFileSync(at('conn.log.gz'), gzipSync(text + lines(usual(1, 1))));
    expect((await hunt()).stderr).toBe('');
    expect(flows()).toBe(96);
  });

  test('where files that are no logs grow, nothing of them is kept', async () => {
    const { at, hunt, baseline } = await prepared({ 'logs/conn.log': connLog(usual(1)) });
    for (let times = 0; times < 3; times++) {
      appendFileSync(at('stderr.log'), 'nothing of use\n');
      await hunt();
    }
    expect(ask(baseline, 'SELECT path FROM sources')).toEqual([[at('conn.log')]]);
  });

  test('in a file that was renamed while it was read', async () => {
    const { at, root } = await prepared();
    const file = at('conn.log');
    writeFileSync(file, connLog(usual(1)));
    const database = openDatabase(path.join(root, 'x.db'), 'new');
    const sources = keptSources(database);
    const [{ source } = { source: { name: file, size: 0 } }] = await sources.resume([{ name: file, size: 1 }]);
    const report = {
      ...{ source, from: 0, to: 10, lines: 1, linesBefore: 0, opening: '', closing: '', bad: 0, outside: 0 },
    };
    const none = {
      formats: [],
      dialects: [],
      doubts: [],
      logs: new Map(),
      passed: new Map(),
      spans: new Map(),
      coverage: [],
    };
    const part = { place: 0, report: { ...report, ...none }, refusals: { named: [], more: new Map() } };
    expect(await sources.about([part], new Map())).toHaveProperty('placeOf');
    renameSync(file, at('conn.old.log'));
    expect(await sources.about([part], new Map())).toEqual({ movedAway: file });
    writeFileSync(file, connLog(usual(1, 1)));
    expect(await sources.about([part], new Map())).toEqual({ movedAway: file });
    database.close();
  });

  test('in a file of which a run that died had read but a part', async () => {
    const { at } = await prepared();
    const text = connLog(usual(4));
    writeFileSync(at('conn.log'), text);
    const offset = text.indexOf('\n', 9000) + 1;
    const known = {
      ...(await factsOf(at('conn.log'))),
      ...{ path: at('conn.log'), offset, lines: 9, closing: '', whole: undefined, waiting: 0 },
      head: printOf(Buffer.from(text.slice(0, 4096))),
      tail: printOf(Buffer.from(text.slice(offset - 4096, offset))),
    };
    const [found] = await resumeAll([{ name: at('conn.log'), size: text.length }], [known]);
    expect(found).toMatchObject({ kind: 'grown', source: { part: { from: offset, to: text.length, lines: 9 } } });
    const [whole] = await resumeAll([{ name: at('conn.log'), size: 1 }], [{ ...known, offset: text.length }]);
    expect(whole?.kind).toBe('same');
  });

  test('beside files that are no logs and come first', async () => {
    const { at, hunt, flows } = await prepared({ 'logs/README.txt': 'what these are\n' });
    for (const day of [0, 1, 2]) {
      writeFileSync(at(`conn.${day}.log`), connLog(usual(1, day)));
      await hunt();
      expect(flows()).toBe(48 * (day + 1));
    }
  });

  test('in a file whose first line, or another one, has no end yet', async () => {
    const { at, hunt, flows } = await prepared();
    const record = ({ ts = 0, uid, from, to }: Conn): string =>
      JSON.stringify({
        ...{ _path: 'conn', ts, uid, 'id.orig_h': from, 'id.orig_p': 50000, 'id.resp_h': to, 'id.resp_p': 443 },
        ...{
          proto: 'tcp',
          conn_state: 'SF',
          history: 'ShADadFf',
          orig_pkts: 5,
          resp_pkts: 5,
          resp_bytes: 9,
          orig_bytes: 9,
        },
      });
    const [first = '', ...others] = usual(1).map(record);
    writeFileSync(at('conn.json'), first);
    await hunt();
    appendFileSync(at('conn.json'), `\n${others.join('\n')}\n`);
    await hunt();
    expect(flows()).toBe(48);
    // Another file that begins with the same character is another file.
    writeFileSync(at('other.json'), '{');
    await hunt();
    rmSync(at('other.json'));
    const [last = '', ...more] = usual(1, 1).map(record);
    writeFileSync(at('third.json'), `${more.join('\n')}\n`);
    await hunt();
    expect(flows()).toBe(95);
    // What is appended without an end to what was whole is read once it is seen that nothing comes behind it.
    appendFileSync(at('third.json'), last);
    await hunt();
    await hunt();
    await hunt();
    expect(flows()).toBe(96);
  });

  test('through a link two runs still meet the same lock', async () => {
    const { root, baseline, at, hunt } = await prepared();
    writeFileSync(at('conn.log'), connLog(usual(1)));
    await hunt();
    symlinkSync(baseline, path.join(root, 'link.db'));
    const lock = takeLock(realpathSync(baseline), 'process 7 on elsewhere');
    const linked = ['hunt', path.join(root, 'logs'), '-b', path.join(root, 'link.db'), '--lock-timeout', '0.1s'];
    expect((await run(linked)).stderr).toContain('process 7 on elsewhere');
    if ('release' in lock) lock.release();
  });

  test('however many bytes a stranger writes into a record', async () => {
    const { at, hunt, flows, baseline } = await prepared();
    const huge = [2 ** 63, 2 ** 64, 1e300].map((bytes, index) => ({
      ...odd(1),
      ...{ uid: `H${index}`, bytes: [bytes, bytes] as const },
    }));
    writeFileSync(at('conn.log'), connLog([...usual(2), ...huge]));
    expect([(await hunt()).code, flows()]).toEqual([0, 99]);
    appendFileSync(at('conn.log'), lines(huge));
    expect([(await hunt()).code, flows()]).toEqual([0, 102]);
    expect(ask(baseline, "SELECT bytes FROM sightings WHERE trait = 'talker' AND port = 4444")).toEqual([
      [Number.MAX_SAFE_INTEGER],
    ]);
  });
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

  test('grows: the list of a day is told again, once, when the day is over', async () => {
    const { root, at, baseline } = await prepared();
    const listed = async () => {
      const ran = await run([
        'hunt',
        path.join(root, 'logs'),
        '--baseline',
        baseline,
        '--warmup',
        '2d',
        '--reproducible',
      ]);
      return ran.findings
        .filter(({ rule }) => rule.id === 'routine-novelty')
        .map(({ oddtalk }) => [oddtalk.status, oddtalk.count, oddtalk.novelties?.length]);
    };
    const browsing = (day: number, hour: number): Conn => ({
      ...{ ts: MONDAY + day * DAY + hour * 3600, uid: `B${day}x${hour}`, from: '10.1.0.12' },
      to: `203.0.113.${day * 20 + hour}`,
    });
    const past = [0, 1, 2, 3].flatMap(day => [9, 10, 11, 12].map(hour => browsing(day, hour)));
    writeFileSync(at('conn.log'), connLog([...usual(4), ...past]));
    await listed();
    appendFileSync(at('conn.log'), lines([browsing(4, 9)]));
    expect(await listed()).toEqual([[undefined, 1, 1]]);
    appendFileSync(at('conn.log'), lines([browsing(4, 10), browsing(4, 11)]));
    expect(await listed()).toEqual([]);
    appendFileSync(at('conn.log'), lines([browsing(5, 9)]));
    expect(await listed()).toEqual([
      ['grown', 3, 3],
      [undefined, 1, 1],
    ]);
    expect(await listed()).toEqual([]);
  });

  test('is withdrawn by the next hunt, where learn was the one who saw it', async () => {
    const { at, root, hunt, baseline } = await prepared();
    writeFileSync(at('conn.log'), connLog([...usual(5), odd(5)]));
    expect((await hunt()).findings).toHaveLength(1);
    writeFileSync(at('late.log'), connLog([odd(1)]));
    await run(['learn', path.join(root, 'logs'), '--baseline', baseline]);
    expect((await hunt()).findings.map(({ oddtalk }) => oddtalk.status)).toEqual(['withdrawn']);
  });

  test('stands as it stood once it is older than what it was judged by', async () => {
    const { at, hunt } = await prepared();
    writeFileSync(at('conn.log'), connLog([...usual(12), odd(10)]));
    expect((await hunt('--keep', '365d')).findings).toHaveLength(1);
    const beacon = Array.from({ length: 60 }, (_, day) => odd(day + 11));
    for (const from of [0, 20, 40]) {
      appendFileSync(at('conn.log'), lines(beacon.slice(from, from + 20)));
      expect((await hunt('--keep', '365d')).findings).toEqual([]);
    }
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

  test('a clock that runs ahead does not take everybody along', async () => {
    const { at, hunt, flows } = await prepared();
    const ahead = [1, 2].map(host => ({
      ...odd(25000),
      uid: `A${host}`,
      from: `10.1.0.${host}`,
      to: `10.2.0.${host}`,
    }));
    writeFileSync(at('conn.log'), connLog([...usual(3), ...ahead]));
    await hunt();
    await hunt('--keep', '30d');
    expect(flows()).toBe(146);
  });

  test('what was told and still stands is not told again because others are forgotten', async () => {
    const { at, hunt, root, baseline } = await prepared();
    const process = (day: number, image: string) => ({
      ...{ EventID: 3, SourceName: 'Microsoft-Windows-Sysmon', Hostname: 'WS1', Image: image, Initiated: 'true' },
      UtcTime: new Date((MONDAY + day * DAY) * 1000).toISOString().replace('T', ' ').replace('Z', ''),
      ...{ SourceIp: '10.1.0.12', SourcePort: '50000', DestinationIp: '198.51.100.7', DestinationPort: '443' },
    });
    const usually = [0, 1, 2, 3, 4, 5].map(day => process(day, 'C:\\\\chrome.exe'));
    const records = [...usually, process(5, 'C:\\\\scan.exe')].map(record => `${JSON.stringify(record)}\n`).join('');
    writeFileSync(at('sysmon.json'), records);
    writeFileSync(at('conn.log'), connLog(usual(6)));
    await run(['hunt', path.join(root, 'logs'), '-b', baseline, '--warmup', '2d']);
    await run(['baseline', 'prune', '-b', baseline, '--before', '2026-06-01']);
    expect((await hunt()).findings).toEqual([]);
  });

  test('what was told is not withdrawn because what it was told of is forgotten', async () => {
    const { at, hunt, baseline } = await prepared();
    writeFileSync(at('conn.log'), connLog([...usual(5), odd(4)]));
    expect((await hunt()).findings).toHaveLength(1);
    appendFileSync(at('conn.log'), lines(usual(3, 5)));
    await hunt();
    await run(['baseline', 'prune', '-b', baseline, '--before', '2026-01-11']);
    appendFileSync(at('conn.log'), lines(usual(1, 8)));
    expect((await hunt()).findings).toEqual([]);
  });

  test('the least lately seen go where there is no room', async () => {
    const { at, hunt, flows } = await prepared();
    writeFileSync(at('conn.log'), connLog(usual(2)));
    await hunt();
    const later = usual(1, 3).map(record => ({ ...record, to: '192.0.2.7' }));
    appendFileSync(at('conn.log'), lines(later));
    await hunt();
    await hunt('--max-rows', '40');
    expect(flows()).toBeLessThan(144);
    expect(flows()).toBeGreaterThan(0);
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
    for (const vague of ['', '%', id.slice(0, 2)])
      expect((await run(['triage', vague, 'confirmed', ...said])).code).toBe(2);
    const unknown = await run(['triage', 'ffffffff', 'confirmed', ...said]);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('no finding has been told whose id begins'),
    ]);
    expect((await run(['triage', id, 'fine', ...said])).code).toBe(2);
    // Into a list that somebody has laid out in another way, and not into one that cannot be read.
    writeFileSync(file, 'x: 1\n');
    expect((await run(['triage', id, 'benign', ...said, '--suppress', file])).code).toBe(2);
    expect(ask(baseline, 'SELECT verdict FROM triage')).toEqual([['confirmed']]);
    writeFileSync(file, '  # ours\n  - rule: x\n    reason: y\n');
    expect((await run(['triage', id, 'benign', ...said, '--suppress', file])).code).toBe(0);
    const laidOut = await run(['hunt', path.join(root, 'logs'), ...options, '--suppress', file]);
    expect([laidOut.code, laidOut.findings]).toEqual([0, []]);
    // Whoever puts baselines together keeps what was said.
    const merged = path.join(root, 'merged.db');
    expect((await run(['baseline', 'merge', merged, baseline])).code).toBe(0);
    expect(ask(merged, 'SELECT verdict FROM triage')).toEqual([['benign']]);
  });

  test('triage takes a finding from a file of them, whatever else stands there', async () => {
    const { root, hunt } = await prepared(logs);
    const { findings, stdout } = await hunt();
    const id = findings[0]?.event.id ?? '';
    const file = path.join(root, 'found.ndjson');
    const list = path.join(root, 's.yml');
    const others = [`{"id":"${id}"}`, `"${id}"`, id, `{"event":{"id":"${id}"},"rule":{"id":"x"}}`, 'null', ''];
    writeFileSync(file, others.join('\n'));
    const asked = ['triage', id, 'benign', '--reason', 'x', '--findings', file, '--suppress', list];
    const none = await run(asked);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('found.ndjson: no finding has been told')]);
    writeFileSync(file, [...others, stdout].join('\n'));
    expect((await run(asked)).code).toBe(0);
    expect(readFileSync(list, 'utf8')).toMatch(/^- rule: first-seen-talker\n {2}host: 10\.1\.0\.12\n/);
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
  const lease = (day: number, mac: string, messages = 'DISCOVER,OFFER,REQUEST,ACK') =>
    zeekTsv('dhcp', 'ts uids client_addr mac host_name assigned_addr msg_types', [
      [MONDAY + day * DAY + 100, `D${day}`, '-', mac, `pc-${mac.slice(-1)}`, '10.1.0.12', messages],
    ]);

  test('does so by a lease, and not by an offer; what was found before stays found', async () => {
    const found = async (offered: string) => {
      const { root } = await prepared({
        'logs/conn.log': connLog([...usual(5), odd(5)]),
        ...{ 'logs/a.log': lease(0, '00:00:00:00:00:01'), 'logs/b.log': offered },
      });
      return (await run(['hunt', path.join(root, 'logs'), ...options])).findings.length;
    };
    expect(await found(lease(4, '00:00:00:00:00:02', 'DISCOVER,OFFER'))).toBe(1);
    expect(await found(lease(4, '00:00:00:00:00:02'))).toBe(0);
    expect(await found(lease(7, '00:00:00:00:00:02'))).toBe(1);
  });

  test.each([
    ['stays with one machine', '00:00:00:00:00:01', 1],
    ['stays with it, as another sensor spells it', '00-00-00-00-00-01', 1],
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

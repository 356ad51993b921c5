import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify, stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { connLog, lines, MONDAY } from './logs.ts';
import { folder, run, summaryOf } from './run.ts';
import { schemaErrors } from './schema.ts';

const sample = 'samples/service-on-unusual-port';

describe('exit codes', () => {
  test.each([
    ['nothing found', ['hunt', 'samples/quiet'], 0],
    ['findings', ['hunt', sample], 1],
    ['findings below --fail-level', ['hunt', sample, '--fail-level', 'high'], 0],
    ['findings that --min-level hides', ['hunt', sample, '--min-level', 'high'], 0],
    ['findings that --min-level hides, asked for', ['hunt', sample, '--min-level', 'high', '--fail-level', 'low'], 1],
    ['findings with --exit-zero', ['hunt', sample, '--exit-zero'], 0],
    ['trouble, even with --exit-zero', ['hunt', sample, 'nowhere.log', '--exit-zero'], 2],
    ['an option that is none', ['hunt', sample, '--fromat', 'table'], 2],
    ['a level that is none', ['hunt', sample, '--min-level', 'urgent'], 2],
    ['help', ['--help'], 0],
    ['version', ['--version'], 0],
  ])('%s', async (_, argv, code) => {
    expect((await run(argv)).code).toBe(code);
  });
});

describe('findings', () => {
  test('are NDJSON on a pipe, in the order of score, time and id, and follow the schema', async () => {
    const { findings, stderr } = await run(['hunt', 'samples']);
    expect(stderr).toBe('');
    expect(findings.length).toBeGreaterThan(20);
    const inOrder = [...findings].sort(
      (one, other) =>
        other.event.risk_score - one.event.risk_score ||
        Date.parse(one['@timestamp']) - Date.parse(other['@timestamp']) ||
        (one.event.id < other.event.id ? -1 : 1),
    );
    expect(findings.map(({ event }) => event.id)).toEqual(inOrder.map(({ event }) => event.id));
    expect(findings.flatMap(schemaErrors)).toEqual([]);
    expect(new Set(findings.map(({ event }) => event.id)).size).toBe(findings.length);
  });

  test('begin with @timestamp, and the parts of a score add up to it', async () => {
    const { stdout, findings } = await run(['hunt', 'samples']);
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^\{"@timestamp":"/);
    for (const { event, oddtalk } of findings) {
      expect(oddtalk.score.reduce((sum, { adds }) => sum + adds, 0) * 100).toBeCloseTo(event.risk_score, 0);
    }
  });

  test('are a table on a terminal, low and above, with colours unless NO_COLOR is set', async () => {
    const bright = await run(['hunt', 'samples'], { isTTY: true, columns: 120 });
    expect(bright.stdout).toContain('\u001b[31m');
    expect(bright.stdout).not.toContain('routine-novelty');
    const plain = await run(['hunt', 'samples'], { isTTY: true, columns: 120, env: { NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001b');
    expect(plain.stdout).toContain('10.1.0.104 → 203.0.113.66:8080');
  });

  test('break words of wide characters without losing one', async () => {
    const method = `${'取得'.repeat(8)}${'😀'.repeat(9)}`;
    const http = { _path: 'http', ts: 1767571200, uid: 'C1', 'id.orig_h': '10.1.0.5', 'id.orig_p': 1, method };
    const logs = await folder({ 'http.json': lines([{ ...http, 'id.resp_h': '198.51.100.7', 'id.resp_p': 80 }]) });
    const { stdout } = await run(['hunt', logs, '-f', 'table'], { columns: 60, isTTY: true });
    expect(stripVTControlCharacters(stdout).replace(/\s/g, '')).toContain(method);
  });

  test.each([40, 60, 80, 100, 140, 200])('fit a terminal of %i columns', async columns => {
    const { stdout } = await run(['hunt', 'samples', '--min-level', 'informational'], {
      isTTY: true,
      columns,
      env: { NO_COLOR: '1' },
    });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  });

  test('colours change nothing else of a table', async () => {
    const screen = { isTTY: true, columns: 120 };
    const bright = await run(['hunt', 'samples'], screen);
    const plain = await run(['hunt', 'samples'], { ...screen, env: { NO_COLOR: '1' } });
    expect(stripVTControlCharacters(bright.stdout)).toBe(plain.stdout);
  });

  test('--min-level leaves out what is below', async () => {
    const { findings } = await run(['hunt', 'samples', '--min-level', 'high']);
    expect(findings).not.toEqual([]);
    for (const { oddtalk } of findings) expect(['high', 'critical']).toContain(oddtalk.level);
  });

  test('--reproducible leaves out when they were made', async () => {
    expect((await run(['hunt', sample])).findings[0]?.event.created).toBe('2026-11-20T00:00:00.000Z');
    expect((await run(['hunt', sample, '--reproducible'])).findings[0]?.event).not.toHaveProperty('created');
  });

  test('--only and --without choose rules, by name or by pattern', async () => {
    const idsWith = async (...options: string[]) =>
      new Set((await run(['hunt', 'samples', ...options])).findings.map(({ rule }) => rule.id));
    expect(await idsWith('--only', 'tls-without-sni,sensor-oddity')).toEqual(
      new Set(['tls-without-sni', 'sensor-oddity']),
    );
    const tls = await idsWith('--only', 'tls-*');
    expect([...tls].filter(id => !id.startsWith('tls-'))).toEqual([]);
    expect(tls.size).toBeGreaterThanOrEqual(5);
    const others = await idsWith('--without', 'tls-*', '--without', 'sensor-oddity');
    for (const id of ['tls-without-sni', 'tls-address-as-sni', 'sensor-oddity']) expect(others).not.toContain(id);
    expect(await idsWith('--only', 'tls-without-sni', '--only', 'sensor-oddity')).toEqual(
      new Set(['tls-without-sni', 'sensor-oddity']),
    );
  });
});

describe('logs are written by strangers', () => {
  const hostile = '\u001b]0;owned\u0007\u009b31m\u202eevil';
  const log = lines([
    {
      _path: 'http',
      ts: 1767571200,
      uid: 'C1',
      'id.orig_h': '10.1.0.5',
      'id.orig_p': 1,
      'id.resp_h': '198.51.100.7',
      'id.resp_p': 80,
      method: `GET${hostile}`,
      host: 'a',
      version: '1.1',
    },
    { broken: hostile },
  ]);

  test('nothing from a log reaches a terminal unescaped, as a table or as NDJSON', async () => {
    const logs = await folder({ [`http ${hostile}.log`]: log });
    for (const format of ['table', 'ndjson']) {
      const { stdout, stderr } = await run(['hunt', logs, '-f', format], {
        isTTY: true,
        columns: 120,
        env: { NO_COLOR: '1' },
      });
      expect(stdout).toMatch(/owned/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
      for (const text of [stdout, stderr]) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  test('and NDJSON loses nothing of it', async () => {
    const { findings } = await run(['hunt', await folder({ 'http.log': log })]);
    expect(findings[0]?.message).toContain(`GET${hostile}`);
  });
});

describe('what was typed wrong is answered', () => {
  test.each([
    [
      'a mistyped option',
      ['hunt', sample, '--fromat', 'table'],
      /unknown option '--fromat'[\s\S]*Did you mean --format/,
    ],
    [
      'a mistyped rule',
      ['hunt', sample, '--only', 'first-seen-taker'],
      /^oddtalk: no rule is called first-seen-taker \(did you mean first-seen-talker\?\)/,
    ],
    ['a mistyped command', ['hnut', sample], /^oddtalk: hnut: no such file or folder \(did you mean hunt\?\)\n/],
    ['a mistyped subcommand', ['rules', 'lsit'], /unknown command 'lsit'[\s\S]*Did you mean list/],
    ['a time', ['hunt', sample, '--since', 'yesterday'], /expected a time such as 2026-11-19/],
    ['a date without its dashes', ['hunt', sample, '--since', '20261119'], /expected a time such as 2026-11-19/],
    ['a day that no month has', ['hunt', sample, '--until', '2026-02-30'], /expected a time such as 2026-11-19/],
    ['a duration', ['hunt', sample, '--warmup', '3 weeks'], /expected auto or a duration such as 90m, 12h or 7d/],
    ['a number', ['hunt', sample, '--jobs', 'many'], /expected a whole number of at least 1/],
    [
      'networks',
      ['hunt', sample, '--local-nets', '10.0.0.0/33'],
      /^oddtalk: --local-nets: expected networks such as 10\.0\.0\.0\/8,fd00::\/8, found 10\.0\.0\.0\/33\n/,
    ],
    [
      'everything excluded',
      ['hunt', sample, '--without', '*'],
      /^oddtalk: --only and --without leave no rule to hunt with\n/,
    ],
    [
      'a summary in no folder',
      ['hunt', sample, '--summary', '/nowhere/at/all.json'],
      /^oddtalk: --summary \/nowhere\/at\/all\.json: cannot be written: there is no such folder\n$/,
    ],
    ['a summary to the pipe', ['hunt', sample, '--summary', '-'], /^oddtalk: --summary takes a file: findings have/],
    [
      'a span that holds nothing',
      ['hunt', sample, '--since', '2026-01-14', '--until', '2026-01-13'],
      /^oddtalk: --since 2026-01-14T00:00:00.000Z is not before --until 2026-01-13T00:00:00.000Z: nothing lies between\n$/,
    ],
    ['no rule at all', ['hunt', sample, '--only', ''], /--only <ids>.*expected ids of rules with commas between/],
    ['an empty path', ['hunt', ''], /^oddtalk: an empty path was named: is a variable of the shell unset\?\n$/],
    [
      'a pattern of nothing',
      ['hunt', 'samples/*.nothing'],
      /^oddtalk: samples\/\*\.nothing: nothing matches this pattern\n/,
    ],
    [
      'an option that is no text for a terminal',
      ['hunt', '--\u001b[31m'],
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not come through
      /^(?!.*\u001b)error: unknown option/,
    ],
  ])('%s', async (_, argv, message) => {
    const { code, stderr } = await run(argv);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test('a summary never lands on what is to be read', async () => {
    const text = connLog([{ service: 'ssh' }]);
    const logs = await folder({ 'conn.log': text });
    const file = path.join(logs, 'conn.log');
    const { code, stdout, stderr } = await run([
      'hunt',
      logs,
      '--summary',
      path.join(logs, '../', path.basename(logs), 'conn.log'),
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^oddtalk: --summary .* would be written over what is to be read\n$/);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('a file of networks, by file and line', async () => {
    const files = await folder({ 'networks.cfg': '10.0.0.0/8\n10.0.0.0/99\n' });
    const { stderr } = await run(['hunt', sample, '--local-nets', path.join(files, 'networks.cfg')]);
    expect(stderr).toBe(
      `oddtalk: ${path.join(files, 'networks.cfg')}:2: expected a network such as 10.0.0.0/8, found 10.0.0.0/99\n`,
    );
  });

  test('nothing readable: what was found instead', async () => {
    const logs = await folder({ 'notes.txt': 'hello\n', 'a.pcap': Buffer.from('d4c3b2a1', 'hex') });
    const { code, stderr, stdout } = await run(['hunt', logs]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `oddtalk: nothing that can be read; found instead:
  ${logs}/a.pcap: a packet capture (read it with zeek -r or suricata -r first)
  ${logs}/notes.txt: text that is neither JSON nor under a Zeek header (a #fields line)
oddtalk: it reads Zeek logs (TSV or JSON), Suricata EVE and exports of Windows events (Sysmon, Security; JSON, XML, CSV), also packed with gzip or zstd\n`,
    );
  });

  test('a missing file is named, and the others are read', async () => {
    const { code, stderr, findings } = await run(['hunt', 'missing.log', sample]);
    expect(stderr).toBe('oddtalk: missing.log: no such file or folder\n');
    expect(findings.length).toBeGreaterThan(0);
    expect(code).toBe(2);
  });

  test('nothing that parses is trouble, not a quiet end', async () => {
    const { code, stderr } = await run(['hunt', '-'], { stdin: connLog([{ to: 'nowhere' }]) });
    expect(code).toBe(2);
    expect(stderr).toBe('oddtalk: -:7: no usable id.resp_h\noddtalk: none of 1 line is a record that can be used\n');
  });

  test('nothing in the span that was asked for is said', async () => {
    const { code, stderr } = await run(['hunt', sample, '--since', '2030-01-01']);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'oddtalk: all 36 records lie outside of --since and --until (times without an offset are UTC)\n',
    );
  });

  test('networks of which no host was met are said', async () => {
    const { stderr } = await run(['hunt', sample, '--local-nets', '172.16.0.0/12']);
    expect(stderr).toBe(
      'oddtalk: no host of --local-nets 172.16.0.0/12 was met: what rules say about your hosts is missing\n',
    );
  });

  test('nothing named on a terminal: what to do; nothing named on a pipe: the pipe is read', async () => {
    expect((await run(['hunt'])).stderr).toMatch(/^oddtalk: nothing to read: name files or folders/);
    const { findings } = await run([], { stdin: connLog([{ service: 'ssh' }]) });
    expect(findings.map(({ rule }) => rule.id)).toEqual(['expected-service-absent']);
  });

  test('help teaches by example', async () => {
    const { stdout } = await run(['hunt', '--help']);
    expect(stdout).toContain('zcat conn.*.log.gz | oddtalk hunt - | jq');
    expect(stdout).toContain('Exit codes: 0 nothing found, 1 findings at or above --fail-level, 2 trouble');
  });
});

describe('the summary', () => {
  test('as a file: what was read, found and not seen', async () => {
    const summary = await summaryOf([`${sample}/*.log`, `${sample}/expected.ndjson`, 'samples/quiet/eve.json']);
    expect(summary).toMatchObject({
      schema: '1.0',
      inputs: [
        { path: 'samples/quiet/eve.json', format: 'suricata-eve', log: 'dns,flow,tls', records: 8, bad: 0 },
        {
          path: `${sample}/conn.log`,
          format: 'zeek-tsv',
          log: 'conn',
          records: 3,
          bad: 0,
          from: '2026-01-13T13:06:34.550Z',
          to: '2026-01-13T13:26:34.550Z',
        },
        { path: `${sample}/conn.plant.log`, records: 3 },
        { path: `${sample}/ssl.log`, format: 'zeek-tsv', log: 'ssl', records: 3 },
        { path: `${sample}/ssl.plant.log`, records: 1 },
      ],
      skipped: [{ path: `${sample}/expected.ndjson`, reason: 'findings of oddtalk itself' }],
      unreadable: [],
      records: { flow: 8, dns: 4, tls: 6 },
      hosts: 5,
      findings: { informational: 0, low: 0, medium: 2, high: 0, critical: 0 },
    });
    expect(summary.blind.map(({ rule }) => rule)).toContain('http-syntax-oddity');
  });

  test('for eyes on a terminal only, and never with -q', async () => {
    const { stderr } = await run(['hunt', sample], { isTTY: true });
    expect(stderr).toMatch(
      /^read 36 records from 8 files, 2026-01-13 13:06 to 2026-01-13 13:26 UTC, of 12 local hosts\nseen twice and counted once: 12 connections\nfound 2 things: 2 medium\n/,
    );
    expect(stderr).toMatch(/blind: .*http-connect-port/);
    expect((await run(['hunt', sample])).stderr).toBe('');
    expect((await run(['hunt', sample, '-q'], { isTTY: true })).stderr).toBe('');
  });
});

describe('Ctrl-C', () => {
  test('ends the reading: what was seen until then is told', async () => {
    const interruption = new AbortController();
    const [conn = ''] = await Promise.all([readFile(path.join(sample, 'conn.log'), 'utf8')]);
    let asked = 0;
    // More never comes: once everything has been looked at, somebody loses patience.
    const stdin = new Readable({
      read() {
        if (asked++ === 0) this.push(Buffer.from(conn));
        else setTimeout(() => interruption.abort(), 300);
      },
    });
    const { code, findings, stderr } = await run(['hunt', '-'], { stdin, interrupt: interruption.signal });
    expect(code).toBe(130);
    expect(findings.length).toBeGreaterThan(0);
    expect(stderr).toBe('oddtalk: interrupted: 1 file not read to the end, so that what follows is not all\n');
  });

  test('before a pipe is opened: it is not opened any more', async () => {
    const pipe = path.join(await folder(), 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const { ran, unreadable } = await summaryOf([pipe], [], { interrupt: AbortSignal.abort() });
    expect(ran.code).toBe(130);
    expect(unreadable).toEqual([{ path: pipe, reason: 'interrupted' }]);
  });

  test.each(['1', '2'])('before anything was read, with %s threads: the summary names what was left', async jobs => {
    const interrupt = AbortSignal.abort();
    const { ran, unreadable } = await summaryOf([sample], ['--jobs', jobs], { interrupt });
    expect(ran).toMatchObject({ code: 130, stdout: '' });
    expect(unreadable.length).toBeGreaterThan(1);
    for (const { reason } of unreadable) expect(reason).toBe('interrupted');
    expect(ran.stderr).toMatch(/^oddtalk: interrupted: \d files not read to the end, .*\n$/);
  });
});

describe('a bar shows how far it is', () => {
  const grown = async () => folder({ 'conn.log': connLog(Array.from({ length: 30_000 }, () => ({}))) });
  const slow = () => {
    let now = 0;
    return () => (now += 500);
  };

  test('on a terminal, and leaves nothing behind', async () => {
    const { stderr } = await run(['hunt', await grown()], { isTTY: true, now: slow() });
    expect(stderr).toMatch(/\d+% of \d\.\d MB, 0 of 1 file, [\d,]+ records?\/s/);
    expect(stripVTControlCharacters(stderr)).toMatch(/read 30,000 records from 1 file/);
  });

  test('nowhere else, and not with -q', async () => {
    const logs = await grown();
    expect((await run(['hunt', logs], { now: slow() })).stderr).toBe('');
    expect((await run(['hunt', logs, '-q'], { isTTY: true, now: slow() })).stderr).toBe('');
  });
});

describe('what else whoever typed the command has to know', () => {
  test('a file that was named and is no log is named again; one that lies in a folder is not', async () => {
    const logs = await folder({ 'conn.log': connLog([{}]), 'notes.txt': 'hello' });
    const notes = path.join(logs, 'notes.txt');
    const { code, stderr } = await run(['hunt', path.join(logs, 'conn.log'), notes]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `oddtalk: ${notes}: not read: text that is neither JSON nor under a Zeek header (a #fields line)\n`,
    });
    expect((await run(['hunt', logs])).stderr).toBe('');
  });

  test('a summary of before, in a folder that is read, is written anew and not read', async () => {
    const logs = await folder({ 'conn.log': connLog([{}]) });
    const summary = path.join(logs, 'run.json');
    for (let turn = 0; turn < 2; turn++) {
      expect(await run(['hunt', logs, '--summary', summary])).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(await readFile(summary, 'utf8'))).toMatchObject({ skipped: [], records: { flow: 1 } });
    }
  });

  test.each(['networks.cfg', './networks.cfg', '10.1/networks.cfg'])('--local-nets reads the file %s', async name => {
    const root = await folder({ [name]: '10.0.0.0/8 office\n' });
    const { code, stderr } = await run(['hunt', sample, '--local-nets', path.relative('.', path.join(root, name))]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  test('rules show takes patterns, as --only does', async () => {
    const { stdout } = await run(['rules', 'show', 'first-seen-*']);
    expect(stdout.match(/^first-seen-[\w-]+ \(/gm)).toHaveLength(7);
  });
});

describe('the program itself', () => {
  const program = path.resolve('bin/oddtalk.js');
  const sh = (command: string) => promisify(execFile)('bash', ['-c', command]);

  test('ends quietly when its reader has seen enough', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => ({
      from: `10.${index >> 8}.${index & 255}.5`,
      to: `198.51.${index >> 8}.${index & 255}`,
      port: 9999,
      service: 'ssh',
      uid: `C${index}`,
    }));
    const logs = await folder({ 'conn.log': connLog(rows.map((row, index) => ({ ...row, port: 10000 + index }))) });
    const { stdout, stderr } = await sh(
      `set -o pipefail; node ${program} hunt ${logs} | head -1; echo "codes \${PIPESTATUS[*]}"`,
    );
    expect(stderr).toBe('');
    expect(stdout.split('\n')[0]).toMatch(/^\{"@timestamp"/);
    expect(stdout).toMatch(/codes [01] 0/);
  });

  test.skipIf(!existsSync('/dev/full')).each(['hunt samples', 'hunt samples -f table', 'rules list'])(
    'a full disk is trouble in one line: %s',
    async argv => {
      const { stdout, stderr } = await sh(`node ${program} ${argv} > /dev/full; echo $? >&2`);
      expect({ stdout, stderr }).toEqual({
        stdout: '',
        stderr: 'oddtalk: cannot go on: no space is left on the device\n2\n',
      });
    },
  );

  test('what nobody hears on stderr takes nothing from what is found', async () => {
    const logs = await folder();
    const { stdout } = await sh(
      `node ${program} hunt ${sample} nowhere.log 2>&1 > ${logs}/found | true; echo "codes \${PIPESTATUS[*]}"; wc -l < ${logs}/found`,
    );
    expect(stdout).toBe('codes 2 0\n2\n');
  });

  test('many threads are no reason for warnings', async () => {
    const { stderr } = await sh(`node ${program} hunt samples --exit-zero --jobs 12`);
    expect(stderr).toBe('');
  });

  test('a lone packed file is unpacked by a thread of its own: the same findings, and the same reason where it ends early', async () => {
    const rows = Array.from({ length: 400_000 }, (_, index) => ({
      uid: `C${Math.imul(index, 2654435761) >>> 0}${Math.imul(index, 40503)}`,
      ts: MONDAY + index,
      port: index === 399_000 ? 4444 : 443,
    }));
    const packed = gzipSync(connLog(rows), { level: 1 });
    expect(packed.length).toBeGreaterThan(4 << 20);
    const root = await folder({
      'whole/conn.log.gz': packed,
      'cut/conn.log.gz': packed.subarray(0, packed.length - 999),
    });
    const hunted = (file: string, jobs: number) =>
      sh(`node ${program} hunt ${path.join(root, file)} --reproducible --exit-zero --jobs ${jobs} || true`);
    for (const file of ['whole/conn.log.gz', 'cut/conn.log.gz']) {
      const [one, two] = await Promise.all([hunted(file, 1), hunted(file, 2)]);
      expect(two).toEqual(one);
      expect(one.stdout).toContain('4444');
      expect(one.stderr.includes('cut short')).toBe(file.startsWith('cut'));
    }
  }, 60_000);

  test('finds the same with one thread and with several, in the same bytes', async () => {
    const summaries = await folder();
    const [one, two] = await Promise.all(
      [1, 3].map(async jobs => {
        const file = path.join(summaries, `${jobs}.json`);
        const { stdout, stderr } = await sh(
          `node ${program} hunt samples README.md --reproducible --exit-zero --jobs ${jobs} --summary ${file}`,
        );
        return { stdout, stderr, summary: await readFile(file, 'utf8') };
      }),
    );
    expect(one?.stdout).toMatch(/"first-seen-talker"/);
    expect(one?.stderr).toMatch(/^oddtalk: README\.md: not read: .*\n$/);
    expect(two).toEqual(one);
  });

  test('reads a pipe that is named, as shells make one of <(zcat conn.log.gz)', async () => {
    const { stdout, stderr } = await sh(`node ${program} hunt <(cat ${sample}/conn.log) --exit-zero`);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ rule: { id: 'service-on-unusual-port' } });
  });

  test('reads a pipe and writes a pipe', async () => {
    const { stdout } = await sh(`cat ${sample}/conn.log | node ${program} hunt - --exit-zero`);
    expect(JSON.parse(stdout)).toMatchObject({
      rule: { id: 'service-on-unusual-port' },
      oddtalk: { evidence: [{ source: '-' }] },
    });
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/finding/finding.ts';
import { connLog, lines, MONDAY } from './logs.ts';
import { folder, parsed, run } from './run.ts';
import { schemaErrors } from './schema.ts';

const GUID = '5c0de7b1-1e40-695c-0f2a-000000000400';

const sysmon = (EventID: number, record: object): object => ({
  ...{ EventID, SourceName: 'Microsoft-Windows-Sysmon', UtcTime: '2026-01-05 00:00:00.000', Hostname: 'WS5' },
  ...{ Image: 'C:\\Users\\anna\\a.exe', ProcessId: 77, ProcessGuid: `{${GUID.toUpperCase()}}`, User: 'CORP\\anna' },
  ...record,
});

/** What an attacker would like to see on a terminal, and in a report. */
const hostile = 'a.exe \u001b[2J\nLook next\n  The raw lines:\n    rm -rf /';

const encoded = Buffer.from('calc; exit', 'utf16le').toString('base64');

const endpoint = (commandLine: string): string =>
  lines([
    sysmon(1, {
      CommandLine: commandLine,
      ...{ ParentImage: 'C:\\Windows\\explorer.exe', ParentProcessId: 7, ParentCommandLine: 'explorer.exe /x' },
    }),
    sysmon(3, {
      ...{ SourceIp: '10.1.0.5', SourcePort: 50000, DestinationIp: '198.51.100.7', DestinationPort: 4444 },
      ...{ Protocol: 'tcp', Initiated: 'true' },
    }),
  ]);

const sensor = connLog([
  { ts: MONDAY, port: 4444, uid: 'CAbcdef1' },
  { ts: MONDAY + 60, port: 4444, uid: 'CAbcdef2' },
  { ts: MONDAY + 90, port: 4444, uid: 'CAbcdef3', from: '10.1.0.6', to: '198.51.100.8' },
]);

/** A folder of logs, what hunt finds in it, and a file of that. */
async function hunted(files: Readonly<Record<string, string | Buffer>>, place = 'logs') {
  const root = await folder();
  const logs = path.join(root, place);
  mkdirSync(logs);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(logs, name), content);
  const { stdout } = await run(['hunt', logs, '-f', 'ndjson', '--exit-zero', '--reproducible']);
  const file = path.join(root, 'found.ndjson');
  writeFileSync(file, stdout);
  return { root, logs, file, stdout, findings: parsed(stdout) };
}

const by = (findings: readonly Finding[], rule: string): string =>
  findings.find(finding => finding.rule.id === rule)?.event.id ?? '';

/** The shell lines that are shown: what is indented twice and begins with a program. */
const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^ {4}((?:sed|z?grep|zcat|zstdcat|jq) .*)$/gm)].map(([, command = '']) => command);

const sh = (command: string, cwd?: string): string =>
  execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', stdio: 'pipe', ...(cwd !== undefined && { cwd }) });

describe('which findings', () => {
  test('one of a file, by the beginning of its id', async () => {
    const { file, findings } = await hunted({ 'conn.log': sensor, 'sysmon.json': endpoint(`a.exe -enc ${encoded}`) });
    const id = by(findings, 'service-on-unusual-port');
    const { stdout, stderr, code } = await run(['explain', id.slice(0, 8), '--findings', file]);
    expect([code, stderr]).toEqual([0, '']);
    const finding = findings.find(({ event }) => event.id === id);
    const { message, event, oddtalk } = finding as Finding;
    expect(stdout).toContain(`${event.risk_score.toFixed(1)} ${oddtalk.level}  ${message}\n`);
    expect(stdout).toContain('2026-01-05 00:00:00.000 to 2026-01-05 00:01:00.000 UTC\n');
    for (const title of [
      ...['What was seen', 'What is normal', 'Who did it', 'How sure, and why this score', 'Look next'],
      'What would make it harmless',
    ])
      expect(stdout).toContain(`\n\n${title}\n  `);
    expect((await run(['explain', id, file])).stdout).toBe(stdout);
  });

  test('all of a file or of standard input, the weightiest first, each as it was told last', async () => {
    const { file, findings, stdout: ndjson } = await hunted({ 'conn.log': sensor, 'sysmon.json': endpoint('a.exe') });
    expect(findings.length).toBeGreaterThan(1);
    const told = [...findings].reverse();
    writeFileSync(file, lines([...told.map(found => ({ ...found, message: 'as it was told at first' })), ...told]));
    const { stdout, stderr } = await run(['explain', file]);
    expect(stderr).toBe('');
    const idsIn = (text: string) => [...text.matchAll(/^Finding ([0-9a-f-]{36})/gm)].map(([, id]) => id);
    expect(idsIn(stdout)).toEqual(findings.map(({ event }) => event.id));
    expect(stdout).not.toContain('as it was told at first');
    for (const words of [[], ['-']]) {
      const piped = await run(['explain', ...words], { stdin: ndjson });
      expect(piped.stdout).toBe(stdout.replaceAll(`--findings '${file}'`, '--findings FILE'));
    }
    const [first] = findings;
    const one = await run(['explain', first?.event.id ?? ''], { stdin: ndjson });
    expect(idsIn(one.stdout)).toEqual([first?.event.id]);
  });

  test('one that a baseline told', async () => {
    const { root, logs, findings } = await hunted({ 'conn.log': sensor });
    const baseline = path.join(root, "bob's.db");
    await run(['hunt', logs, '-b', baseline, '--exit-zero']);
    const id = by(findings, 'service-on-unusual-port');
    const { stdout, code } = await run(['explain', id.slice(0, 6), '-b', baseline]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Finding ${id}`);
    // What it says of triage can be typed as it stands.
    const [, triage = ''] = /^ {4}oddtalk (triage .*)$/m.exec(stdout) ?? [];
    const typed = sh(`for word in ${triage}; do echo "$word"; done`).trimEnd().split('\n');
    expect(typed).toEqual([
      'triage',
      id.slice(0, 8),
      'benign',
      '--reason',
      'WHY',
      '--baseline',
      baseline,
      '--suppress',
      'harmless.yml',
    ]);
    const list = path.join(root, 'harmless.yml');
    expect((await run([...typed.slice(0, -1), list])).code).toBe(0);
    expect(readFileSync(list, 'utf8')).toContain('rule: service-on-unusual-port');
  });

  test('a word that is both an id and a file is the file', async () => {
    const { file, root } = await hunted({ 'conn.log': sensor });
    const named = path.join(root, 'cafe');
    renameSync(file, named);
    const cwd = process.cwd();
    process.chdir(root);
    try {
      expect((await run(['explain', 'cafe'])).code).toBe(0);
    } finally {
      process.chdir(cwd);
    }
  });
});

describe('what cannot be explained is refused with what to do', () => {
  const prepared = async () => {
    const root = await folder();
    const baseline = path.join(root, 'b.db');
    const { stdout } = await run(['hunt', 'samples/service-on-unusual-port', '-b', baseline, '-f', 'ndjson']);
    const [line = ''] = stdout.split('\n');
    return { line, baseline, file: path.join(root, 'found.ndjson') };
  };

  test.each([
    [
      'an id of none',
      ['ffffffff', '--findings', 'FILE'],
      /found\.ndjson: no finding has been told whose id begins with/,
    ],
    ['an id of none in a baseline', ['ffffffff', '-b', 'BASE'], /b\.db: no finding has been told whose id begins with/],
    ['an id that several have', ['abcd', 'FILE'], /found\.ndjson: the ids of several findings begin with abcd: give/],
    ['no id', ['xyz', '--findings', 'FILE'], /xyz: expected the id of a finding/],
    ['a baseline without an id', ['-b', 'BASE'], /name the id of the finding/],
    ['two places', ['abcd', '-b', 'BASE', '--findings', 'FILE'], /in one place/],
    ['nothing at all', [], /where are the findings\? .*oddtalk hunt logs -f ndjson \| oddtalk explain -/],
    ['an id without a place', ['abcd0123'], /where are the findings\?/],
    ['an empty word', [''], /is a variable of the shell unset/],
    ['a file that is not there', ['nowhere.ndjson'], /nowhere\.ndjson: cannot be read: no such file/],
    ['a folder', ['samples'], /samples: cannot be read: a folder/],
    ['a baseline that is not there', ['abcd', '-b', 'nowhere.db'], /nowhere\.db: there is no baseline/],
    ['a file of something else', ['package.json'], /package\.json: no finding is in here: expected what oddtalk hunt/],
  ])('%s', async (_, words, message) => {
    const { line, baseline, file } = await prepared();
    const id = parsed(line)[0]?.event.id ?? '';
    const twins = ['abcd0000', 'abcd1111'].map(beginning => line.replaceAll(id, beginning + id.slice(8)));
    writeFileSync(file, [line, ...twins].join('\n'));
    const argv = words.map(word => (word === 'FILE' ? file : word === 'BASE' ? baseline : word));
    const { code, stdout, stderr } = await run(['explain', ...argv]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  test('lines that are no findings are passed over and counted', async () => {
    const { line } = await prepared();
    const finding = JSON.parse(line);
    const broken = [
      ...['null', '{"a":1}', 'text', line.slice(0, -5), '\u001b[2J'],
      JSON.stringify({ ...finding, event: { ...finding.event, id: "1'; rm -rf /" } }),
      JSON.stringify({
        ...finding,
        oddtalk: { ...finding.oddtalk, evidence: [{ ...finding.oddtalk.evidence[0], line: '1p;e' }] },
      }),
    ];
    const text = [...broken, '', '  ', JSON.stringify({ ...finding, label: 'mine' })].join('\n');
    const { code, stdout, stderr } = await run(['explain', '-'], { stdin: text });
    expect([code, stderr]).toEqual([0, 'oddtalk: standard input: passed over 7 lines that no finding of oddtalk is\n']);
    expect(stdout.match(/^Finding /gm)).toHaveLength(1);
  });
});

describe('the story', () => {
  const told = async (commandLine: string) => {
    const { file, findings } = await hunted({ 'conn.log': sensor, 'sysmon.json': endpoint(commandLine) });
    return (await run(['explain', by(findings, 'service-on-unusual-port'), file])).stdout;
  };

  test('who did it: the process, what it hides, who started it, and how that is known', async () => {
    const text = await told(`a.exe -enc ${encoded}`);
    expect(text).toContain('  C:\\Users\\anna\\a.exe (pid 77) ran on WS5 as CORP\\anna, and opened 1 flow\n');
    expect(text).toContain(`    command line: a.exe -enc ${encoded}\n    it hides in base64: calc; exit\n`);
    expect(text).toContain('    started by C:\\Windows\\explorer.exe (pid 7): explorer.exe /x\n');
    expect(text).toMatch(/^ {4}known by addresses and ports.*: \d+ % sure$/m);
  });

  test('who did it: what would tell, where it is not known', async () => {
    const { file } = await hunted({ 'conn.log': connLog([{ port: 4444, uid: 'C1' }]) });
    const { stdout } = await run(['explain', file]);
    expect(stdout).toContain("No process is known.\n  Sysmon's event 3 (network connection) of 10.1.0.5, read beside");
  });

  test('why this score: the parts, and where levels begin', async () => {
    const text = await told('a.exe');
    expect(text).toMatch(/^ {2}\+0\.\d{3} because medium: TLS on port 4444/m);
    expect(text).toMatch(
      / = 0\.\d{3}, a score of [\d.]+: \w+ \(low from 25, medium from 45, high from 65 and critical from 85\)/,
    );
  });

  test.each([
    [
      'first-seen',
      'samples/first-seen-talker',
      [/had been known since \d{4}-/, /for the first time \d{4}-/, /chance of something so new was 0\.\d+ %/],
    ],
    ['anything else', 'samples/port-zero', [/\d+ of \d+ hosts shows? it/]],
  ])('what is normal, of %s', async (_, sample, expected) => {
    const { stdout: ndjson } = await run(['hunt', sample, '-f', 'ndjson']);
    const { stdout } = await run(['explain', '-'], { stdin: ndjson });
    for (const line of expected) expect(stdout).toMatch(line);
  });

  test('what a host is for, what is suppressed, what is withdrawn, and what no rule explains any more', async () => {
    const { findings } = await hunted({ 'conn.log': sensor });
    const [found] = findings;
    const old = {
      ...found,
      rule: { ...found?.rule, id: 'gone-rule' },
      oddtalk: {
        ...found?.oddtalk,
        ...{ score: [], status: 'withdrawn', asset: { role: 'server', tags: ['dmz', 'web'] } },
        suppressed: { place: 's.yml:1', reason: 'known' },
      },
    };
    expect(schemaErrors(old as unknown as Finding)).toEqual([]);
    const { stdout, code } = await run(['explain'], { stdin: lines([old]) });
    expect(code).toBe(0);
    expect(stdout).toContain('By the list of assets its role is server and it is tagged dmz, web.');
    expect(stdout).toContain('Suppressed by s.yml:1: known');
    expect(stdout).toContain('does not stand any more');
    expect(stdout).toContain('no rule is called gone-rule any more');
    expect(stdout).not.toContain('because');
  });

  test('rules of your own explain what they tell', async () => {
    const { root, findings, file } = await hunted({ 'conn.log': sensor });
    mkdirSync(path.join(root, 'mine'));
    const rule = readFileSync('rules/service/service-on-unusual-port.yml', 'utf8');
    const own = rule.replace(/^falsepositives:[\s\S]*/m, 'falsepositives:\n  - Our own pumps\n');
    writeFileSync(path.join(root, 'mine/service-on-unusual-port.yml'), own);
    const id = by(findings, 'service-on-unusual-port');
    const { stdout } = await run(['explain', id, file, '--rules', path.join(root, 'mine')]);
    expect(stdout).toContain('    - Our own pumps\n');
  });
});

describe('strangers write logs', () => {
  test('what stands in a command line is no line of the story', async () => {
    const { file, findings } = await hunted({ 'conn.log': sensor, 'sysmon.json': endpoint(hostile) });
    const { stdout } = await run(['explain', by(findings, 'service-on-unusual-port'), file]);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('command line: a.exe \\x1b[2J\\x0aLook next\\x0a');
    expect(stdout.match(/^Look next$/gm)).toHaveLength(1);
    expect(stdout).not.toMatch(/^\s*rm /m);
  });

  test.each([
    ['a quote', "it's $(touch owned) `touch owned`; touch owned #"],
    ['a dash at its beginning', '-n e touch'],
    ['a backslash', 'back\\slash'],
  ])('a folder with %s in its name is read and not obeyed', async (_, place) => {
    const { file, root, logs } = await hunted({ 'conn.log': sensor, 'sysmon.json': endpoint('a.exe') }, place);
    // As hunt would name it from there.
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replaceAll(
        JSON.stringify(`${logs}/`).slice(1, -1),
        JSON.stringify(`${place}/`).slice(1, -1),
      ),
    );
    const { stdout } = await run(['explain', file]);
    const commands = commandsIn(stdout);
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) expect(sh(command, root), command).not.toBe('');
    expect(sh('find . -name owned', root)).toBe('');
  });

  test.each([
    [
      'a line break in a name',
      'logs/a\n    rm -rf .log',
      /By hand: line \d+ of logs\/a\\x0a {4}rm -rf \.log, which has characters/,
    ],
    ['what came through a pipe', '-', /By hand: line \d+ of -, which came through standard input/],
    [
      'what lies in an archive',
      "x/logs.zip!it's/conn.log",
      /By hand: line \d+ of x\/logs\.zip!it's\/conn\.log, which lies in an archive/,
    ],
    [
      'what lies in a packed archive',
      'logs.tar.gz!conn.log',
      /By hand: line \d+ of logs\.tar\.gz!conn\.log, which lies in an archive/,
    ],
  ])('%s is named, and given to no shell', async (_, source, expected) => {
    const { findings } = await hunted({ 'conn.log': sensor });
    const moved = findings.map(found => ({
      ...found,
      oddtalk: { ...found.oddtalk, evidence: found.oddtalk.evidence.map(line => ({ ...line, source })) },
    }));
    const { stdout } = await run(['explain'], { stdin: lines(moved) });
    expect(commandsIn(stdout)).toEqual([]);
    expect(stdout).toMatch(expected);
    expect(stdout).not.toMatch(/^\s*rm /m);
  });

  test('an id that no sensor makes is given to no shell', async () => {
    const { findings } = await hunted({ 'conn.log': sensor });
    const moved = findings.map(found => ({
      ...found,
      oddtalk: {
        ...found.oddtalk,
        evidence: found.oddtalk.evidence.map(line => ({ ...line, uid: "C1' /etc/passwd '" })),
      },
    }));
    const { stdout } = await run(['explain'], { stdin: lines(moved) });
    expect(commandsIn(stdout).filter(command => command.includes('passwd'))).toEqual([]);
  });
});

describe('look next: what is shown prints the evidence', () => {
  const eve = (flow: number, port: number): object => ({
    ...{ timestamp: '2026-01-05T00:00:00.000000+0000', event_type: 'tls', flow_id: flow, proto: 'TCP' },
    ...{ src_ip: '10.1.0.5', src_port: 50000, dest_ip: '2001:db8::7', dest_port: port },
    tls: { version: 'SSLv3', sni: 'a.example' },
  });

  const packed = (files: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.gz`, gzipSync(text)]));

  const plain = { 'conn.log': sensor, 'sysmon.json': endpoint('a.exe') };
  const suricata = {
    'eve.json': lines([eve(1234567890123456, 443), eve(99, 443)]).replaceAll(
      '2001:db8::7',
      '2001:0db8:0000:0000:0000:0000:0000:0007',
    ),
  };

  test.each([
    ['Zeek and Sysmon', plain, ['sed', 'grep']],
    ['Zeek and Sysmon, packed', packed(plain), ['zcat', 'zgrep']],
    ['Suricata', suricata, ['sed', 'jq', 'grep']],
    ['Suricata, packed', packed(suricata), ['zcat', 'zgrep']],
  ])('of %s', async (_, files, programs) => {
    const { file, findings } = await hunted(files);
    expect(findings).not.toEqual([]);
    const used = new Set<string>();
    for (const { event, oddtalk, destination } of findings) {
      const commands = commandsIn((await run(['explain', event.id, file])).stdout);
      const [raw = '', same = ''] = commands;
      for (const command of commands) used.add(command.split(' ')[0] ?? '');
      const [{ uid = 'none' } = { uid: 'none' }] = oddtalk.evidence;
      expect(sh(raw).trimEnd().split('\n'), raw).toHaveLength(oddtalk.evidence.length);
      expect(sh(raw).toLowerCase(), raw).toContain(uid.toLowerCase());
      expect(sh(same).toLowerCase(), same).toContain(uid.toLowerCase());
      for (const command of commands) expect(sh(command), command).not.toBe('');
      expect(commands).toHaveLength(destination ? 3 : 2);
    }
    for (const program of programs) expect([...used]).toContain(program);
  });
});

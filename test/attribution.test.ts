import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dominantOffset, doubtOf } from '../src/correlate/clock.ts';
import type { Finding } from '../src/finding/finding.ts';
import { decodedIn } from '../src/value/command-line.ts';
import { globOf } from '../src/value/text.ts';
import { HOUR, MINUTE, SECOND } from '../src/value/time.ts';
import { type Conn, connLog, lines, MONDAY, zeekTsv } from './logs.ts';
import { folder, run, summaryOf } from './run.ts';
import { schemaErrors } from './schema.ts';
import { asked, connected, ended, started } from './sysmon.ts';

/** TLS on a port where HTTP is at home, so that there is something to attribute. */
const odd = (at: number, fromPort: number, rest: Conn = {}): Conn => ({
  ...{ ts: MONDAY + at, fromPort, port: 8080, service: 'ssl', uid: `C${fromPort}` },
  ...rest,
});

interface Told {
  readonly flows: readonly Conn[];
  readonly sysmon: readonly object[];
}

async function hunted({ flows, sysmon }: Told, ...more: readonly string[]) {
  const logs = await folder({ 'conn.log': connLog(flows), 'sysmon.json': lines(sysmon) });
  const summary = await summaryOf([logs], ['--reproducible', ...more]);
  expect(summary.ran.findings.flatMap(schemaErrors)).toEqual([]);
  return summary;
}

/** The finding about the odd port. */
const about = (findings: readonly Finding[]): Finding | undefined =>
  findings.find(({ rule }) => rule.id === 'service-on-unusual-port');

describe('who did it', () => {
  const flows = [0, 60, 120].map((at, index) => odd(at, 50000 + index));
  const words = (offset: number, more = {}) =>
    [0, 60, 120].map((at, index) =>
      connected({ at: at + offset, fromPort: 50000 + index, port: 8080, guid: 'a1', ...more }),
    );

  test('by addresses and ports, however wrong the clock of the endpoint is', async () => {
    for (const offset of [0, -483_275.13, 176.5]) {
      const { attribution, ran } = await hunted({ flows, sysmon: words(offset) });
      expect(attribution).toMatchObject({ flows: 3, attributed: 3, by_name: 0 });
      expect(attribution?.sources).toMatchObject([{ host: 'WS5.corp.example', events: 3, matched: 3 }]);
      expect(attribution?.sources[0]?.clock_offset_s).toBeCloseTo(offset, 1);
      const finding = about(ran.findings);
      expect(finding?.process).toMatchObject({ executable: 'C:\\Tools\\a.exe', name: 'a.exe', pid: 4711 });
      expect(finding?.oddtalk.processes).toMatchObject([{ side: 'opened', flows: 3, method: '5-tuple' }]);
      expect(finding?.oddtalk.attribution).toMatchObject({ method: '5-tuple', confidence: 0.98 });
      expect(finding?.message).toMatch(/; a\.exe \(pid 4711\) opened it$/);
      expect(finding?.host).toEqual({ ip: ['10.1.0.5'], name: 'WS5.corp.example' });
    }
  });

  test('the other way round where the sensor saw the answer first, and by both ends', async () => {
    const turned = flows.map(flow => ({ ...flow, from: '198.51.100.7', to: '10.1.0.5' }));
    const both = flows.map(flow => ({ ...flow, fromPort: 8080, port: flow.fromPort ?? 0 }));
    const swapped = turned.map((flow, index) => ({ ...flow, ...both[index], from: '198.51.100.7', to: '10.1.0.5' }));
    expect((await hunted({ flows: swapped, sysmon: words(0) })).attribution).toMatchObject({ flows: 3, attributed: 3 });
    const accepted = words(0, {
      machine: 'SRV7',
      image: 'C:\\Srv\\w3.exe',
      guid: 'b2',
      initiated: false,
      to: '10.1.0.7',
    });
    const inside = flows.map(flow => ({ ...flow, to: '10.1.0.7' }));
    const opened = words(0, { to: '10.1.0.7' });
    const { ran } = await hunted({ flows: inside, sysmon: [...accepted, ...opened] });
    expect(about(ran.findings)?.oddtalk.processes).toMatchObject([
      { host: 'WS5.corp.example', side: 'opened', name: 'a.exe' },
      { host: 'SRV7', side: 'accepted', name: 'w3.exe' },
    ]);
  });

  test('not by another connection between the same ports', async () => {
    const again = [...words(0), connected({ at: 7200, fromPort: 50000, port: 8080, guid: 'c3', image: 'C:\\b.exe' })];
    const { ran } = await hunted({ flows, sysmon: again });
    expect(about(ran.findings)?.oddtalk.processes).toMatchObject([{ name: 'a.exe', flows: 3 }]);
    // The same ports at other times, of which no two agree.
    const strangers = [10, 400, 9000].map((at, index) => connected({ at, fromPort: 50000 + index, port: 9999 }));
    expect((await hunted({ flows, sysmon: strangers })).attribution).toMatchObject({ flows: 3, attributed: 0 });
  });

  test('not by datagrams between ports that everybody shares, nor by too few', async () => {
    const shared = { proto: 'udp', fromPort: 137, port: 137, to: '10.1.0.9', service: '-', local: ['T', 'T'] as const };
    const names = flows.map(flow => ({ ...flow, ...shared }));
    const sysmon = [0, 60, 120].map(at => connected({ ...shared, at }));
    expect((await hunted({ flows: names, sysmon })).attribution).toMatchObject({ flows: 3, attributed: 0 });
    const dns = (count: number): Told => ({
      flows: Array.from({ length: count }, (_, index) =>
        odd(index, 50000 + index, { proto: 'udp', port: 53, service: 'dns' }),
      ),
      sysmon: Array.from({ length: count }, (_, index) =>
        connected({ at: index, fromPort: 50000 + index, proto: 'udp', port: 53 }),
      ),
    });
    expect((await hunted(dns(2))).attribution).toMatchObject({ flows: 2, attributed: 0 });
    expect((await hunted(dns(3))).attribution).toMatchObject({ flows: 3, attributed: 3 });
  });

  test('whichever way addresses are written', async () => {
    const v6 = flows.map(flow => ({ ...flow, from: 'fd00::3816:b2ee:1b9b:324b', to: '2001:db8::7' }));
    const ends = { from: 'fd00:0:0:0:3816:b2ee:1b9b:324b', to: '2001:0db8:0000:0000:0000:0000:0000:0007' };
    expect((await hunted({ flows: v6, sysmon: words(0, ends) })).attribution).toMatchObject({
      flows: 3,
      attributed: 3,
    });
  });

  test('by a name that only one process had asked for, which is less sure and counted apart', async () => {
    const sysmon = [
      connected({ at: 0, fromPort: 50000, port: 8080, guid: 'a1' }),
      asked({
        at: 55,
        query: 'x.example',
        answers: 'type:  5 y.example;::ffff:198.51.100.8;',
        guid: 'b2',
        image: 'C:\\b.exe',
      }),
    ];
    const named = [flows[0] ?? {}, odd(60, 50001, { to: '198.51.100.8' })];
    const { attribution, ran } = await hunted({ flows: named, sysmon });
    expect(attribution).toMatchObject({ flows: 2, attributed: 1, by_name: 1 });
    const second = ran.findings.find(
      ({ destination, rule }) => destination?.ip === '198.51.100.8' && rule.id.startsWith('service'),
    );
    expect(second?.oddtalk.attribution).toMatchObject({ method: 'dns-answer', confidence: 0.4 });
    expect(second?.process?.name).toBe('b.exe');
  });

  test('of what is about a name the one that had asked for it, before the resolver of the system', async () => {
    const dns = { proto: 'udp', port: 53, to: '10.1.0.2', service: 'dns' };
    const tunnelled = Array.from(
      { length: 300 },
      (_, index) => `${'0123456789abcdef'.repeat(3)}${index}.t.evil.example`,
    );
    const root = await folder({
      'conn.log': connLog(
        tunnelled.map((_, index) => ({ ts: MONDAY + index, fromPort: 40000 + index, uid: `D${index}`, ...dns })),
      ),
      'dns.log': zeekTsv(
        'dns',
        'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto query qtype_name rcode_name',
        tunnelled.map((name, index) => [
          MONDAY + index,
          `D${index}`,
          '10.1.0.5',
          40000 + index,
          '10.1.0.2',
          53,
          'udp',
          name,
          'TXT',
          'NOERROR',
        ]),
      ),
      'sysmon.json': lines([
        ...tunnelled.map((_, index) =>
          connected({
            at: index,
            ...dns,
            fromPort: 40000 + index,
            guid: 'dd',
            image: 'C:\\Windows\\svchost.exe',
            pid: 900,
          }),
        ),
        connected({ at: 5, fromPort: 50000, guid: 'a1', image: 'C:\\dc.exe', pid: 22104 }),
        ...tunnelled
          .slice(0, 9)
          .map((query, index) =>
            asked({ at: index, query, answers: '-', guid: 'a1', image: 'C:\\dc.exe', pid: 22104 }),
          ),
      ]),
    });
    const { findings } = await run(['hunt', root, '--only', 'dns-tunnel']);
    expect(findings).toMatchObject([
      { process: { name: 'dc.exe', pid: 22104 }, oddtalk: { attribution: { method: 'dns-query' } } },
    ]);
    expect(findings[0]?.message).toMatch(/; dc\.exe \(pid 22104\) asked for it$/);
  });

  test('nobody by name where two had asked, or where the process itself sent the question', async () => {
    const question = { query: 'x.example', answers: '::ffff:198.51.100.8;' };
    const sysmon = [
      connected({ at: 0, fromPort: 50000, port: 8080, guid: 'a1' }),
      asked({ at: 50, ...question, guid: 'b2', image: 'C:\\b.exe' }),
      asked({ at: 55, ...question, guid: 'c3', image: 'C:\\c.exe' }),
    ];
    const { attribution } = await hunted({ flows: [flows[0] ?? {}, odd(60, 50001, { to: '198.51.100.8' })], sysmon });
    expect(attribution).toMatchObject({ attributed: 1, by_name: 0 });
  });

  test('not by one pair of many that is days off', async () => {
    const words = Array.from({ length: 40 }, (_, index) =>
      connected({ at: index * 60, fromPort: 51000 + index, port: 8080 }),
    );
    const { attribution } = await hunted({ flows: [odd(-260_000, 51007)], sysmon: words });
    expect(attribution).toMatchObject({ flows: 1, attributed: 0 });
    expect(attribution?.sources[0]?.doubts).toEqual(['no sensor saw any of its connections']);
  });

  test('of ports that are used again every day each day anew', async () => {
    const days = Array.from({ length: 20 }, (_, day) => day);
    const again = days.flatMap(day => [0, 1, 2].map(port => odd(day * 86_400 + port * 60, 50000 + port)));
    const words = days.flatMap(day =>
      [0, 1, 2].map(port =>
        connected({ at: day * 86_400 + port * 60, fromPort: 50000 + port, port: 8080, guid: `${day + 1}` }),
      ),
    );
    expect((await hunted({ flows: again, sysmon: words })).attribution).toMatchObject({ flows: 60, attributed: 60 });
  });

  test('whatever a record has for a port', async () => {
    const strange = [80.5, -1, 70_000, {}, null].map(port => ({
      ...connected({ at: 5, fromPort: 50000 }),
      SourcePort: port,
    }));
    const root = await folder({ 'conn.log': connLog(flows), 'sysmon.json': lines([...strange, ...words(0)]) });
    const baseline = path.join(root, '..', `${path.basename(root)}.db`);
    for (const options of [[], ['--baseline', baseline]]) {
      const { attribution, ran } = await summaryOf([root], options);
      expect(ran.code).toBe(1);
      expect(attribution).toMatchObject({ attributed: 3 });
    }
    rmSync(baseline);
  });

  test('the one that opened most stands first', async () => {
    const sysmon = [
      ...words(0).slice(0, 2),
      connected({ at: 120, fromPort: 50002, port: 8080, guid: 'ff', image: 'C:\\Windows\\svchost.exe', pid: 1400 }),
    ];
    const finding = about((await hunted({ flows, sysmon })).ran.findings);
    expect(finding?.oddtalk.processes).toMatchObject([
      { name: 'a.exe', flows: 2 },
      { name: 'svchost.exe', pid: 1400, flows: 1 },
    ]);
    expect(finding?.message).toMatch(/a\.exe \(pid 4711\) and svchost\.exe \(pid 1400\) opened it/);
  });

  test('and who started it, three generations back, by GUID, with command lines', async () => {
    const parents = [1, 2, 3, 4].map(number =>
      started({
        ...{ guid: `d${number}`, image: `C:\\p${number}.exe`, pid: 99 + number, commandLine: `p${number}.exe -x` },
        parent: { image: `C:\\p${number + 1}.exe`, pid: 100 + number, guid: `d${number + 1}` },
      }),
    );
    const child = started({
      ...{ guid: 'a1', at: -5, commandLine: 'a.exe --go', user: 'CORP\\ann' },
      parent: { image: 'C:\\p1.exe', pid: 100, guid: 'd1', line: 'p1.exe -x' },
    });
    const finding = about((await hunted({ flows, sysmon: [...words(0), child, ...parents] })).ran.findings);
    expect(finding?.process).toMatchObject({
      command_line: 'a.exe --go',
      parent: { name: 'p1.exe', command_line: 'p1.exe -x' },
    });
    expect(finding?.user).toEqual({ name: 'ann', domain: 'CORP' });
    expect(finding?.oddtalk.processes?.[0]?.ancestors?.map(({ name }) => name)).toEqual(['p1.exe', 'p2.exe', 'p3.exe']);
  });

  test('a process is its own ancestor in no story', async () => {
    const loop = [
      started({ guid: 'a1', parent: { image: 'C:\\b.exe', guid: 'b2' } }),
      started({ guid: 'b2', image: 'C:\\b.exe', parent: { image: 'C:\\Tools\\a.exe', guid: 'a1' } }),
    ];
    const finding = about((await hunted({ flows, sysmon: [...words(0), ...loop] })).ran.findings);
    expect(finding?.oddtalk.processes?.[0]?.ancestors?.length).toBeLessThanOrEqual(3);
  });
});

describe('who has no name where it was met', () => {
  const flows = [0, 60].map((at, index) => odd(at, 50000 + index));
  const unknown = (guid: string) =>
    [0, 60].map((at, index) =>
      connected({ at, fromPort: 50000 + index, port: 8080, guid, image: '&lt;unknown process&gt;', pid: 5320 }),
    );
  const processOf = async (sysmon: readonly object[]) => about((await hunted({ flows, sysmon })).ran.findings)?.process;

  test('has it by its GUID', async () => {
    const start = started({ guid: 'e5', at: -10, image: 'C:\\evil.exe', pid: 5320 });
    expect(await processOf([...unknown('e5'), start])).toMatchObject({ executable: 'C:\\evil.exe' });
  });

  test('or by its number, while it had that', async () => {
    const start = started({ guid: 'e5', at: -10, image: 'C:\\evil.exe', pid: 5320 });
    expect(await processOf([...unknown(''), start])).toMatchObject({ executable: 'C:\\evil.exe', pid: 5320 });
    const end = ended({ guid: 'e5', at: -4, pid: 5320 });
    expect(await processOf([...unknown(''), start, end])).toEqual({ pid: 5320 });
    const later = started({ guid: 'f6', at: 3000, image: 'C:\\later.exe', pid: 5320 });
    expect(await processOf([...unknown(''), later])).toEqual({ pid: 5320 });
  });

  test('but not that of another program', async () => {
    const words = [0, 60].map((at, index) =>
      connected({ at, fromPort: 50000 + index, port: 8080, guid: '', image: 'C:\\one.exe', pid: 5320 }),
    );
    const start = started({ guid: 'e5', at: -10, image: 'C:\\other.exe', pid: 5320, commandLine: 'other.exe -x' });
    expect(await processOf([...words, start])).toEqual({ executable: 'C:\\one.exe', name: 'one.exe', pid: 5320 });
  });

  test('what nobody names is shown as nobody', async () => {
    const { ran } = await hunted({ flows, sysmon: unknown('e5') });
    expect(ran.stdout).not.toContain('unknown process');
    expect(about(ran.findings)?.message).toContain('a process (pid 5320) opened it');
  });
});

describe('an export says the same, however it is cut', () => {
  const flows = Array.from({ length: 12 }, (_, index) => odd(index * 30, 50000 + index));
  const sysmon = flows.map((_, index) =>
    connected({
      at: index * 30 + 176.54,
      fromPort: 50000 + index,
      port: 8080,
      guid: index < 9 ? 'a1' : 'b2',
      image: index < 9 ? 'C:\\Users\\ann\\Downloads\\a.exe' : 'C:\\b.exe',
    }),
  );
  const said = async (files: Record<string, string>, ...more: readonly string[]) => {
    const logs = await folder({ 'conn.log': connLog(flows), ...files });
    const { findings } = await run(['hunt', logs, '--reproducible', ...more]);
    // Where exactly their lines stand depends on the files.
    return findings.map(({ event: { reason, ...event }, oddtalk: { evidence, processes, ...oddtalk }, ...rest }) => {
      const culprits = processes?.map(({ event: _, ...process }) => process);
      return { ...rest, event, oddtalk: { ...oddtalk, processes: culprits } };
    });
  };

  test('shuffled, twice, in pieces, before or after the flows, with threads', async () => {
    const whole = await said({ 'sysmon.json': lines(sysmon) });
    expect(whole.map(({ rule }) => rule.id)).toEqual(
      expect.arrayContaining(['service-on-unusual-port', 'program-in-user-folder']),
    );
    expect(whole[0]?.oddtalk.processes).toMatchObject([{ flows: 9 }, { flows: 3 }]);
    const mixed = [...sysmon.slice(7), ...sysmon.slice(0, 7)].reverse();
    for (const files of [
      { 'sysmon.json': lines(mixed) },
      { 'sysmon.json': lines([...sysmon, ...sysmon]) },
      { 'sysmon1.json': lines(sysmon), 'sysmon2.json': lines(sysmon) },
      { 'a.json': lines(sysmon.slice(0, 4)), 'b.json': lines(sysmon.slice(4, 5)), 'c.json': lines(sysmon.slice(5)) },
      { 'a-first.json': lines(sysmon) },
      { 'zz-last.json': lines(sysmon) },
    ])
      expect(await said(files), Object.keys(files).join()).toEqual(whole);
    expect(await said({ 'sysmon.json': lines(sysmon) }, '-j', '3')).toEqual(whole);
  });

  test('beside the flows in one stream, whichever comes first', async () => {
    const zeek = flows.map(flow => ({
      ...{ _path: 'conn', ts: flow.ts, uid: flow.uid, 'id.orig_h': '10.1.0.5', 'id.orig_p': flow.fromPort },
      ...{ 'id.resp_h': '198.51.100.7', 'id.resp_p': 8080, proto: 'tcp', service: 'ssl', conn_state: 'SF' },
      ...{ duration: 1, orig_bytes: 900, resp_bytes: 4000, history: 'ShADadFf' },
    }));
    for (const records of [
      [...zeek, ...sysmon],
      [...sysmon, ...zeek],
    ]) {
      const { findings } = await run(['hunt', '-', '--reproducible'], { stdin: lines(records) });
      expect(about(findings)?.oddtalk.processes).toMatchObject([{ flows: 9 }, { flows: 3 }]);
    }
  });

  test('in one run of a baseline or in several, once', async () => {
    const root = await folder({ 'logs/sysmon.json': lines(sysmon) });
    const hunt = (file: string) =>
      run(['hunt', path.join(root, 'logs', file), '--baseline', path.join(root, 'b.db'), '--reproducible']);
    const { writeFile } = await import('node:fs/promises');
    const first = await hunt('sysmon.json');
    expect(first.findings.map(({ rule }) => rule.id)).toEqual(['program-in-user-folder']);
    await writeFile(path.join(root, 'logs/one.log'), connLog(flows.slice(0, 6)));
    const second = await hunt('one.log');
    expect(about(second.findings)?.oddtalk.processes).toMatchObject([{ name: 'a.exe', flows: 6 }]);
    await writeFile(path.join(root, 'logs/two.log'), connLog(flows.slice(6)));
    expect((await hunt('two.log')).findings).toEqual([]);
    await writeFile(path.join(root, 'logs/three.log'), connLog([odd(500, 50099, { to: '198.51.100.9' })]));
    const { findings } = await hunt('three.log');
    // Nobody told whose that was.
    expect(about(findings)?.process).toBeUndefined();
    const kept = await run([
      'baseline',
      'show',
      '10.1.0.5',
      '--baseline',
      path.join(root, 'b.db'),
      '--format',
      'ndjson',
    ]);
    expect(
      kept.stdout
        .split('\n')
        .filter(line => line.includes('"opened"'))
        .map(line => JSON.parse(line).count),
    ).toEqual([9, 3]);
  });
});

describe('what a clock is ahead by', () => {
  test.each([
    [[], undefined],
    [[5], { offset: 5, support: 1 }],
    [[-900, 3, 1, 2, 4000], { offset: 2, support: 3 }],
    [[100, -7], { offset: -7, support: 1 }],
  ])('%j', (seconds, expected) => {
    const found = dominantOffset(
      seconds.map(each => each * SECOND),
      2 * SECOND,
    );
    expect(found && { ...found, offset: found.offset / SECOND }).toEqual(expected);
  });

  test.each([
    [30 * SECOND, undefined],
    [-MINUTE * 5, 'a clock that slept or is wrong'],
    [-4 * HOUR + SECOND, 'local time that is called UTC'],
    [5.5 * HOUR, 'local time that is called UTC'],
    [-483_275 * SECOND, 'a clock that slept or is wrong'],
  ])('%i microseconds: %s', (offset, doubt) => {
    expect(doubtOf(offset)).toBe(doubt);
  });
});

describe('a pattern with stars', () => {
  test.each([
    ['*', '', true],
    ['a', 'a', true],
    ['a', 'ab', false],
    ['a*', 'ab', true],
    ['*b', 'ab', true],
    ['a*a', 'a', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*.exe', 'x.exe\nb', false],
    ['*aba*', 'ababa', true],
    ['*ab*ab', 'ab', false],
  ])('%s: %s is %s', (pattern, text, isLike) => {
    expect(globOf(pattern)(text)).toBe(isLike);
  });

  test('takes no longer for who writes against it: by a regular expression these would be hours', () => {
    const isLike = globOf('*curl *|*sh *');
    expect(isLike('curl |'.repeat(20_000))).toBe(false);
  });
});

describe('command lines', () => {
  const encoded = Buffer.from('IEX (New-Object Net.WebClient)', 'utf16le').toString('base64');

  test.each([
    [`powershell -nop -enc ${encoded}`, 'IEX (New-Object Net.WebClient)'],
    [`powershell.exe -EncodedCommand "${encoded}"`, 'IEX (New-Object Net.WebClient)'],
    [`powershell /e ${encoded}`, 'IEX (New-Object Net.WebClient)'],
    [`echo ${Buffer.from('cat /etc/passwd').toString('base64')} | base64 -d | sh`, 'cat /etc/passwd'],
    [`powershell -c "[Convert]::FromBase64String('${Buffer.from('hello there').toString('base64')}')"`, 'hello there'],
    ['powershell -ExecutionPolicy Bypass -File x.ps1', undefined],
    ['powershell -Encoding utf8encoding', undefined],
    ['tool -e /usr/bin/something/long', undefined],
  ])('%s', (line, text) => {
    expect(decodedIn(line)?.text).toBe(text);
  });

  test('are cut in the middle, kept whole in the beginning and the end, and harmless on a terminal', async () => {
    const long = `powershell -w hidden -enc ${Buffer.from(`${'x'.repeat(4000)}\u001b[31m`, 'utf16le').toString('base64')} \u001b]0;owned\u0007`;
    const flows = [odd(0, 50000), odd(60, 50001)];
    const sysmon = [
      started({ guid: 'a1', image: 'C:\\powershell.exe', commandLine: long }),
      ...[0, 60].map((at, index) =>
        connected({ at, fromPort: 50000 + index, port: 8080, guid: 'a1', image: 'C:\\powershell.exe' }),
      ),
    ];
    const { ran } = await hunted({ flows, sysmon });
    const { process, oddtalk } = about(ran.findings) as Finding;
    expect(process?.command_line).toHaveLength(1000);
    expect(process?.command_line).toMatch(/^powershell -w hidden -enc .*….*owned/s);
    expect(oddtalk.processes?.[0]?.decoded).toMatch(/^x{300}/);
    const logs = await folder({ 'conn.log': connLog(flows), 'sysmon.json': lines(sysmon) });
    const table = await run(['hunt', logs, '--format', 'table']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(table.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(table.stdout).toContain('base64 (-enc)');
  });
});

describe('incidents', () => {
  const sysmon = (guid: string, image: string, ports: readonly number[], at = 0) =>
    ports.map((fromPort, index) =>
      connected({ at: at + index * 60, fromPort, port: 8080, guid, image, to: '198.51.100.7' }),
    );
  const payload = 'C:\\Users\\ann\\Downloads\\x.exe';

  test('what is between the same two, or of one process, is one; the table shows it first', async () => {
    const flows = [odd(0, 50000), odd(60, 50001), odd(60, 51000, { to: '198.51.100.99', port: 8081 })];
    const words = [
      ...sysmon('a1', payload, [50000, 50001]),
      connected({ at: 60, fromPort: 51000, port: 8081, to: '198.51.100.99', guid: 'a1', image: payload }),
    ];
    const { incidents, ran } = await hunted({ flows, sysmon: words });
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({
      hosts: ['10.1.0.5'],
      peers: ['198.51.100.7', '198.51.100.99'],
      processes: ['x.exe (pid 4711)'],
    });
    expect(new Set(ran.findings.map(({ oddtalk }) => oddtalk.incident))).toEqual(new Set([incidents[0]?.id]));
    expect(incidents[0]?.findings.toSorted()).toEqual(ran.findings.map(({ event }) => event.id).toSorted());
    expect(incidents[0]?.score).toBeGreaterThanOrEqual(Math.max(...ran.findings.map(({ event }) => event.risk_score)));
    const logs = await folder({ 'conn.log': connLog(flows), 'sysmon.json': lines(words) });
    const [, head, next] = (await run(['hunt', logs, '--format', 'table'], { columns: 200 })).stdout.split('\n');
    expect(head).toMatch(
      /10\.1\.0\.5 \(WS5\.corp\.example\) → 198\.51\.100\.7 and 198\.51\.100\.99, by x\.exe \(pid 4711\): 4 findings +incident/,
    );
    expect(next).toMatch(/ - 10\.1\.0\.5 → /);
  });

  test('not what only has the same browser behind it, nor what lies hours apart', async () => {
    const chrome = 'C:\\Chrome\\chrome.exe';
    const flows = [odd(0, 50000), odd(60, 50001), odd(60, 51000, { to: '198.51.100.99', port: 8081 })];
    const words = [
      ...sysmon('a1', chrome, [50000, 50001]),
      connected({ at: 60, fromPort: 51000, port: 8081, to: '198.51.100.99', guid: 'a1', image: chrome }),
    ];
    expect((await hunted({ flows, sysmon: words })).incidents).toHaveLength(2);
    const apart = [odd(0, 50000), odd(60, 50001), odd(30_000, 51000, { to: '198.51.100.99', port: 8081 })];
    const later = [
      ...sysmon('a1', payload, [50000, 50001]),
      connected({ at: 30_000, fromPort: 51000, port: 8081, to: '198.51.100.99', guid: 'a1', image: payload }),
    ];
    expect((await hunted({ flows: apart, sysmon: later })).incidents).toHaveLength(2);
  });
});

test('no Sysmon, no word of it', async () => {
  const logs = await folder({ 'conn.log': connLog([odd(0, 50000)]) });
  const { attribution, ran } = await summaryOf([logs]);
  expect(attribution).toBeUndefined();
  expect(ran.findings[0]).not.toHaveProperty('process');
  expect(readFileSync(path.join(logs, 'conn.log'), 'utf8')).not.toContain('process');
});

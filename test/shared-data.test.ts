import { execFile, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/finding/finding.ts';
import { isAtLeast } from '../src/value/level.ts';
import { eventsIn } from './events.ts';
import { folder, run, summaryOf } from './run.ts';
import { schemaErrors } from './schema.ts';

/** Truth on real logs that nobody on the project wrote. They are not part of it: a fresh clone skips these tests, and says so. */

const shared = path.join(import.meta.dirname, '../../shared');
const data = path.join(shared, 'data');
const here = existsSync(data);

test.skipIf(here)('skipped: there is no ../shared/data beside this clone', () => {});

const hunted = async (...paths: readonly string[]): Promise<readonly Finding[]> => {
  const { findings } = await run([
    'hunt',
    ...paths.map(name => path.join(data, name)),
    '--reproducible',
    '--format',
    'ndjson',
  ]);
  expect(findings.flatMap(schemaErrors)).toEqual([]);
  return findings;
};

const who = ({ source, destination }: Finding): string => `${source?.ip} → ${destination?.ip}:${destination?.port}`;

const low = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ oddtalk }) => isAtLeast(oddtalk.level, 'low'));

describe.skipIf(!here)('the one that matters is on top', () => {
  test('Metasploit over TLS on 8080, seen from one side only (otrf_lsass_01)', async () => {
    const [first] = await hunted('otrf_lsass_01/zeek', 'otrf_lsass_01/sysmon.ndjson.gz');
    expect(who(first as Finding)).toBe('192.168.1.41 → 10.0.5.13:8080');
    const [withSuricata] = await hunted('otrf_lsass_01');
    expect(who(withSuricata as Finding)).toBe('192.168.1.41 → 10.0.5.13:8080');
  });

  test('HTTP on 443 and LDAP on 1389 after Log4Shell (otrf_log4shell)', async () => {
    const findings = await hunted('otrf_log4shell');
    expect(who(findings[0] as Finding)).toBe('192.168.2.5 → 192.168.3.5:443');
    const together = findings.filter(({ oddtalk }) => oddtalk.incident === findings[0]?.oddtalk.incident);
    expect(new Set(together.map(who))).toEqual(
      new Set(['192.168.2.5 → 192.168.3.5:443', '192.168.2.5 → 192.168.3.5:1389']),
    );
  });

  test('Meterpreter on 8443 and Pupy on 1234 (otrf_apt29_day1)', async () => {
    const first = (await hunted('otrf_apt29_day1')).slice(0, 5).map(who);
    expect(first).toEqual(expect.arrayContaining(['10.0.1.6 → 192.168.0.4:8443', '10.0.1.4 → 192.168.0.5:1234']));
  });

  test('what was planted in a made-up network leads the list (synthetic_small)', async () => {
    const truth: { planted: readonly { subtype?: string; type: string; host: string; peer: string; port: number }[] } =
      JSON.parse(readFileSync(path.join(data, 'synthetic_small/tsv/truth.json'), 'utf8'));
    const found = new Set(low(await hunted('synthetic_small/tsv')).map(who));
    const seen = [
      'ssh_on_443',
      'tls_on_53',
      'http_on_22',
      'unknown_on_443',
      'dns_tunnel',
      'synless_data',
      'first_seen_internal',
      'long_connection',
      'weird_burst',
    ];
    for (const { type, subtype = type, host, peer, port } of truth.planted.filter(plant =>
      seen.includes(plant.subtype ?? plant.type),
    )) {
      expect(found, subtype).toContain(`${host} → ${peer}:${port}`);
    }
  });
});

interface Truth {
  readonly network_connections: number;
  readonly attributed: number;
  readonly offset_event3_utctime_minus_net_s: { readonly tcp_median: number | null } | null;
}

describe.skipIf(!here)('who did it is what the truth says', () => {
  const truth: Readonly<Record<string, Truth>> = here
    ? JSON.parse(readFileSync(path.join(data, 'ground_truth.json'), 'utf8'))
    : {};
  /** Of this set both sensors' logs are there; the truth is about Zeek's. */
  const pathsOf = (name: string): readonly string[] =>
    name === 'otrf_lsass_01' ? [`${name}/zeek`, `${name}/sysmon.ndjson.gz`] : [name];
  const joined = (name: string) => summaryOf(pathsOf(name).map(each => path.join(data, each)));

  /** Events of the network 11 hours before those of the endpoint, so that only shared ports could be joined; and none at all. */
  const negative = [
    'otrf_atomic/covenant_wmi_remote_event_subscription_ActiveScriptEventConsumers',
    'otrf_atomic/aadinternals_export_adfsdatabaseconfig_remotely',
  ];

  test.each(Object.entries(truth).filter(([name]) => !negative.includes(name)))(
    '%s: the share within 2 %, the clock within 2 s',
    async (name, { network_connections: all, attributed, offset_event3_utctime_minus_net_s: offset }) => {
      const { attribution } = await joined(name);
      const { flows = 0, attributed: found = 0, sources = [] } = attribution ?? {};
      expect(Math.abs(found / flows - attributed / all)).toBeLessThanOrEqual(0.02);
      const offsets = sources.flatMap(({ clock_offset_s }) => clock_offset_s ?? []);
      expect(Math.min(...offsets.map(each => Math.abs(each - (offset?.tcp_median ?? 0))))).toBeLessThanOrEqual(2);
    },
  );

  test.each(negative)('%s: nobody', async name => {
    const { attribution } = await joined(name);
    expect(attribution?.attributed).toBe(0);
  });

  test('the payload and what it went on in, first of all (otrf_lsass_01)', async () => {
    const { incidents, ran } = await joined('otrf_lsass_01');
    expect(incidents[0]).toMatchObject({ hosts: ['192.168.1.41'], peers: ['10.0.5.13'] });
    expect(incidents[0]?.processes.slice(0, 2)).toEqual(['winx64_payload.exe (pid 1988)', 'svchost.exe (pid 1400)']);
    const [first] = ran.findings;
    expect(first?.process).toMatchObject({ pid: 1988, parent: { executable: 'C:\\Windows\\explorer.exe' } });
    expect(first?.oddtalk.processes).toMatchObject([{ flows: 4 }, { pid: 1400, flows: 1 }]);
  });

  test('the payload again (otrf_lsass_02)', async () => {
    const { incidents, ran } = await joined('otrf_lsass_02');
    expect(incidents[0]?.processes).toEqual(['winx64_payload.exe (pid 6984)']);
    expect(who(ran.findings[0] as Finding)).toBe('192.168.1.43 → 10.0.5.13:4433');
  });

  test('the server and what it was made to start, in one incident (otrf_log4shell)', async () => {
    const { incidents } = await joined('otrf_log4shell');
    expect(incidents[0]?.processes).toEqual(['powershell.exe (pid 2084)', 'tomcat9.exe (pid 3936)']);
  });

  const attackers: Readonly<Record<string, readonly [peer: string, process: string | undefined]>> = {
    covenant_dcsync_dcerpc_drsuapi_DsGetNCChanges: ['172.18.38.5', 'GruntHTTP.exe'],
    covenant_psremoting_command: ['172.18.39.6', 'GruntHTTP.exe'],
    covenant_sc_query_dcerpc_smb_svcctl: ['172.18.38.5', 'sc.exe'],
    covenant_sharpsc_create_dcerpc_smb_svcctl: ['172.18.39.6', 'GruntHTTP.exe'],
    covenant_sharpwmi_create_dcerpc_wmi: ['10.10.10.5', 'GruntHTTP2.exe'],
    covenant_wmi_remote_event_subscription_ActiveScriptEventConsumers: ['10.10.10.5', 'scrcons.exe'],
    // Its agent was started before Sysmon was, which tells of no connection of it.
    empire_getsession_dcerpc_smb_srvsvc_NetSessEnum: ['10.10.10.5', undefined],
    empire_psremoting_stager: ['10.10.10.5', 'powershell.exe'],
    empire_wmi_dcerpc_wmi_IWbemServices_ExecMethod: ['10.10.10.5', 'powershell.exe'],
    schtask_create: ['172.18.39.6', 'schtasks.exe'],
  };

  test.each(Object.entries(attackers))(
    '%s: the attacker first, and at most 20 findings',
    async (name, [peer, process]) => {
      const findings = await hunted(`otrf_atomic/${name}`);
      expect(findings.length).toBeLessThanOrEqual(20);
      expect(findings[0]?.destination?.ip).toBe(peer);
      expect(findings[0]?.process?.name).toBe(process);
      expect(JSON.stringify(findings)).not.toContain('unknown process');
    },
  );

  test('what was learnt is not new a second time (otrf_lsass_01)', async () => {
    const root = await folder();
    const baseline = path.join(root, 'b.db');
    const set = pathsOf('otrf_lsass_01').map(each => path.join(data, each));
    expect((await run(['learn', ...set, '--baseline', baseline])).code).toBe(0);
    cpSync(path.join(data, 'otrf_lsass_01'), path.join(root, 'again'), { recursive: true });
    const again = ['again/zeek', 'again/sysmon.ndjson.gz'].map(each => path.join(root, each));
    expect((await run(['hunt', ...again, '--baseline', baseline])).findings).toEqual([]);
    // With a warm-up of a minute the capture itself has a first day of everything: but that is not about the attack.
    const { stdout } = await run(['hunt', ...again, '--baseline', baseline, '--warmup', '1m']);
    expect(stdout).not.toMatch(/10\.0\.5\.13|winx64/);
  });
});

describe.skipIf(!here)('a clean network is quiet', () => {
  test('synthetic_small without plants: at most 15 findings a day at low or above', async () => {
    expect(low(await hunted('synthetic_small/clean_tsv')).length).toBeLessThanOrEqual(5 * 15);
  });

  const generator = path.join(shared, 'gen_corpus.py');
  const clean = (out: string, seed: number) =>
    promisify(execFile)('python3', [
      generator,
      '--no-plant',
      '--hosts',
      '400',
      '--days',
      '8',
      '--seed',
      String(seed),
      '--out',
      out,
    ]);

  const hasPython = spawnSync('python3', ['--version']).status === 0;

  test.skipIf(!hasPython).each([1, 2])(
    '400 hosts in 8 days, seed %i: at most 15 a day at low or above, none above medium',
    { timeout: 120_000 },
    async seed => {
      const out = await folder();
      await clean(out, seed);
      const { findings } = await run(['hunt', out, '--format', 'ndjson']);
      const days = new Map<string, number>();
      for (const finding of low(findings)) {
        const day = finding['@timestamp'].slice(0, 10);
        days.set(day, (days.get(day) ?? 0) + 1);
      }
      for (const [day, count] of days) expect(count, day).toBeLessThanOrEqual(15);
      expect(findings.filter(({ oddtalk }) => isAtLeast(oddtalk.level, 'high'))).toEqual([]);
    },
  );
});

describe.skipIf(!here)('two sensors, one meaning', () => {
  const subjects = (findings: readonly Finding[], rules: ReadonlySet<string>): readonly string[] =>
    findings
      .filter(({ rule }) => rules.has(rule.id))
      .map(
        finding =>
          `${finding.rule.id} ${finding.host?.ip} ${who(finding)} ${finding.oddtalk.novelties?.join(' ') ?? ''}`,
      )
      .sort();

  test('TSV, JSON and EVE of one network give the same subjects for every rule that both see', async () => {
    const [tsv, json, eve] = await Promise.all(
      ['tsv', 'json', 'eve'].map(async format => await hunted(`synthetic_small/${format}`)),
    );
    const { blind } = await summaryOf([path.join(data, 'synthetic_small/eve')]);
    const unseen = new Set(blind.map(({ rule }) => rule));
    for (const id of ['expired-certificate', 'payload-without-handshake', 'self-signed-certificate', 'stalled-session'])
      expect(unseen).toContain(id);
    // What EVE tells of these are words, and those of this network are not the twins of its weirds.
    for (const id of [
      'sensor-oddity',
      'illegal-tcp-flags',
      'server-speaks-first',
      'early-payload',
      'traffic-after-close',
    ])
      unseen.add(id);
    const all = new Set(tsv?.map(({ rule }) => rule.id));
    expect(subjects(json ?? [], all)).toEqual(subjects(tsv ?? [], all));
    const both = new Set([...all].filter(id => !unseen.has(id)));
    expect(both.size).toBeGreaterThanOrEqual(10);
    expect(subjects(eve ?? [], both)).toEqual(subjects(tsv ?? [], both));
  });
});

describe.skipIf(!here)('nothing real makes it stumble', () => {
  const sets = here
    ? readdirSync(data, { withFileTypes: true })
        .filter(entry => entry.isDirectory())
        .map(({ name }) => name)
    : [];

  test.each(sets)('%s: every file is read, or named with a reason', async set => {
    const { inputs, skipped, unreadable } = await summaryOf([path.join(data, set)]);
    const files = readdirSync(path.join(data, set), { recursive: true, withFileTypes: true }).filter(entry =>
      entry.isFile(),
    );
    const named = new Set([...inputs, ...skipped, ...unreadable].map(({ path }) => path));
    expect(named.size).toBe(files.length);
    expect(unreadable.map(({ path: file }) => path.basename(file))).toEqual(
      set === 'zat' ? ['http.log.corrupt.gz'] : [],
    );
  });

  /** Named with a reason: what oddtalk does not read, and what is no log of hosts. */
  const noLogs: Readonly<Record<string, readonly string[]>> = {
    otrf_log4shell: ['vminsights_vmconnection_log4shell_cve2021_44228_jndi_reference_2022-05-11181020.json.gz'],
    synthetic_small: ['truth.json', 'truth.json', 'truth.json', 'truth.json'],
    zat: ['loaded_scripts.log', 'packet_filter.log'],
  };

  test.each(sets)('%s: each log has the records that its lines say', async set => {
    const files = readdirSync(path.join(data, set), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(({ parentPath, name }) => path.join(parentPath, name))
      // Cut short on purpose; and a licence.
      .filter(file => !/corrupt|LICENSE/.test(file));
    const unread: string[] = [];
    let counted = 0;
    for (const file of files) {
      const bytes = readFileSync(file);
      const text = (bytes.readUInt16BE(0) === 0x1f8b ? gunzipSync(bytes) : bytes).toString();
      const expected = countsIn(text);
      if (!expected) continue;
      const { events, refused, report } = await eventsIn(file);
      if (report.nature !== undefined) {
        unread.push(path.basename(file));
        continue;
      }
      const found = new Map(report.passed);
      for (const { log } of events) found.set(log, (found.get(log) ?? 0) + 1);
      const lost = refused.filter(reason => /no usable|not a JSON object|columns where/.test(reason)).length;
      const sum = (counts: ReadonlyMap<string, number>): number =>
        [...counts.values()].reduce((one, other) => one + other, 0);
      expect(sum(found) + lost, file).toBe(sum(expected));
      if (lost === 0 && ![...found.keys()].includes('Zeek records of an unknown log') && !expected.has('any'))
        expect(Object.fromEntries(found), file).toEqual(Object.fromEntries(expected));
      counted += sum(found);
    }
    expect(unread.sort()).toEqual(noLogs[set] ?? []);
    expect(counted).toBeGreaterThan(set === 'zeek_btest' ? 0 : 10);
  });

  test("records without time (btest's redacted logs) are counted as such, never dated 1970", async () => {
    const { records, bad, ran } = await summaryOf([path.join(data, 'zeek_btest')]);
    expect(bad).toBeGreaterThan(1000);
    expect(ran.stderr).toMatch(/no usable ts/);
    expect(Object.values(records).reduce((sum, count) => sum + count, 0)).toBeLessThan(10);
  });

  /** Findings without where their records stand, and without what the sensor itself found odd. */
  const concluded = (findings: readonly Finding[]): readonly string[] =>
    findings
      // Each version has words that the others have not.
      .filter(({ rule, message }) => rule.id !== 'sensor-oddity' && !message.includes('the sensor reports'))
      .map(({ message, oddtalk }) => `${oddtalk.level} ${message} ${oddtalk.count}`);

  test('Suricata 6, 7 and 8 on the same packets: the same findings', async () => {
    const set = path.join(data, 'suricata_versions');
    const [six, seven, eight] = await Promise.all(
      [6, 7, 8].map(async version => {
        const files = readdirSync(set).filter(name => name.includes(`.eve${version}.`));
        return concluded(await hunted(...files.map(name => `suricata_versions/${name}`)));
      }),
    );
    expect(six?.length).toBeGreaterThan(0);
    expect(seven).toEqual(six);
    expect(eight).toEqual(six);
  });

  test("zed_sample's TSV and streaming JSON: the same findings of the same records", async () => {
    const sets = ['zeek-default', 'zeek-json'].map(name => path.join(data, 'zed_sample', name));
    const [tsv, json] = await Promise.all(sets.map(set => summaryOf([set])));
    expect(tsv?.records.session).toBeGreaterThan(1000);
    const told = ({ records, hosts, span, findings }: NonNullable<typeof tsv>) => ({ records, hosts, span, findings });
    expect(json && told(json)).toEqual(tsv && told(tsv));
  });

  test('the same data twice, and in another order, give the same bytes', async () => {
    const files = ['otrf_apt29_day1', 'otrf_lsass_01', 'zat'].map(name => path.join(data, name));
    const hunt = async (paths: readonly string[]) => (await run(['hunt', ...paths, '--reproducible'])).stdout;
    const once = await hunt(files);
    expect(await hunt(files)).toBe(once);
    expect(await hunt([...files].reverse())).toBe(once);
  });
});

/** Records by log, counted in the plainest way, as `any` where they do not say; undefined for what is no log. */
function countsIn(text: string): ReadonlyMap<string, number> | undefined {
  const counts = new Map<string, number>();
  const count = (log: string): void => {
    counts.set(log, (counts.get(log) ?? 0) + 1);
  };
  if (/^#separator/m.test(text) && !/^\{/m.test(text)) {
    let log = 'any';
    for (const line of text.split('\n')) {
      if (line.startsWith('#path')) log = line.split(/\s+|\|\|?/)[1] ?? 'any';
      else if (line !== '' && !line.startsWith('#')) count(log);
    }
    return counts;
  }
  const several = [/<\/Event>/g, /^\{\r?$/gm].map(each => text.match(each)?.length ?? 0).find(Boolean);
  if (several && !text.startsWith('{"')) return new Map([['any', several]]);
  if (/^\[\s*\{/.test(text)) return new Map([['any', JSON.parse(text).length]]);
  if (!/^\{"/.test(text)) return undefined;
  for (const line of text.trim().split('\n')) {
    const record = JSON.parse(line);
    const log = record.event_type ?? record._path ?? record['@stream'];
    count(log ?? 'any');
  }
  return counts;
}

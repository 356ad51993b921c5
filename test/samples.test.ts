import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/finding/finding.ts';
import { activate } from '../src/pipeline/active-rule.ts';
import { ownRules, readRules } from '../src/rule/read.ts';
import type { Rule } from '../src/rule/rule.ts';
import { folder, run, summaryOf } from './run.ts';
import { schemaErrors } from './schema.ts';

/** Each rule speaks on its own sample; `npm test -- -u` rewrites what it says, and a person reads the difference. */

const root = path.join(import.meta.dirname, '..');
const rules = await readRules(ownRules);
const samples = readdirSync(path.join(root, 'samples'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name);

/** Those whose samples hold the words of both sensors. */
const twoVoiced = samples.filter(id => {
  const names = readdirSync(path.join(root, 'samples', id));
  return id !== 'quiet' && names.some(name => name.endsWith('.log')) && names.some(name => name.startsWith('eve'));
});

test('every sample folder is named after a rule, but for the quiet one', () => {
  expect(samples.sort()).toEqual([...rules.map(({ id }) => id), 'quiet'].sort());
});

/** What a rule says: its own findings, or, where it is never told by itself, those of others that it adds to. */
const heardOf = ({ id, title, told }: Rule, findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ rule, oddtalk }) =>
    told === 'alone' ? rule.id === id : oddtalk.score.some(({ because }) => because.startsWith(`also: ${title}`)),
  );

/** What to hunt with to hear a rule and no others, as far as it needs none. */
const onlyOf = ({ id, told }: Rule): readonly string[] => (told === 'alone' ? ['--only', id] : []);

describe.each(rules.map(rule => ({ id: rule.id, rule })))('$id', ({ id, rule }) => {
  test('speaks on its sample', async () => {
    const { stdout, findings, stderr } = await run(['hunt', `samples/${id}`, '--reproducible', '--format', 'ndjson']);
    expect(stderr).toBe('');
    expect(heardOf(rule, findings)).not.toEqual([]);
    expect(findings.flatMap(schemaErrors)).toEqual([]);
    await expect(stdout).toMatchFileSnapshot(path.join(root, 'samples', id, 'expected.ndjson'));
  });

  test('is told by its evidence: each piece leads to a line that is there', async () => {
    const { findings } = await run(['hunt', `samples/${id}`, ...onlyOf(rule)]);
    const lines = await linesOfSample(id);
    const heard = heardOf(rule, findings);
    expect(heard).not.toEqual([]);
    for (const { source, line, uid } of heard.flatMap(({ oddtalk }) => oddtalk.evidence)) {
      expect(lines.get(source)?.[line - 1]).toContain(uid ?? '');
      expect(lines.get(source)?.[line - 1]).not.toMatch(/^#|^$/);
    }
  });

  test('is silent on what is nearly the same and lawful', async () => {
    const nearMiss = ['hunt', `samples/${id}/near-miss`, '--format', 'ndjson'];
    const { stdout, stderr, code } = await run([...nearMiss, '--only', id]);
    expect(stdout).toBe('');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    if (rule.told === 'with-others') {
      // There has to be something that it could have added to.
      const { findings } = await run(nearMiss);
      expect(findings).not.toEqual([]);
      expect(heardOf(rule, findings)).toEqual([]);
    }
    const { records } = await summaryOf([path.join(root, 'samples', id, 'near-miss')]);
    expect(Object.keys(records)).not.toEqual([]);
  });

  test('is silent on samples/quiet', async () => {
    const { stdout, code } = await run(['hunt', 'samples/quiet', '--only', id, '--format', 'ndjson']);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  test('says that it is blind where its events are missing', async () => {
    const events = `${JSON.stringify({ SourceName: 'Microsoft-Windows-Sysmon', EventID: 1, UtcTime: '2026-01-05 08:00:00.000', Hostname: 'WS1', Image: 'C:\\a.exe' })}\n`;
    const logs = await folder({ 'sysmon.json': events });
    const { blind, records } = await summaryOf([logs], ['--only', id]);
    expect(records).toEqual({ 'process-start': 1 });
    expect(blind).toEqual([
      { rule: id, missing: expect.stringMatching(/events$/), fix: expect.stringMatching(/^give it (Zeek|Sysmon)/) },
    ]);
  });
});

/** Why the two sensors' files of a sample do not say the same. */
const unlike: ReadonlyMap<string, string> = new Map([
  ['dns-header-oddity', 'Suricata does not log the class of a question'],
  ['http-host-oddity', 'Zeek logs the version of the reply, so that it cannot tell whether a Host had to be there'],
  ['http-syntax-oddity', 'Zeek decodes what was asked for, and logs the version of the reply'],
  ['parser-violation', 'Zeek tells that its parser gave up, Suricata what its parser met'],
  ['server-speaks-first', 'Suricata says so too of what it met in the middle, so that its word weighs little'],
  ['sensor-oddity', 'it is there for the words that have no twin'],
]);

describe('two voices, one meaning: what both sensors tell of the same traffic is the same finding', () => {
  test.each(twoVoiced.filter(id => !unlike.has(id)))('%s', async id => {
    const files = readdirSync(path.join(root, 'samples', id)).filter(name => /\.(log|json)$/.test(name));
    const said = async (names: readonly string[]) => {
      const { findings } = await run(['hunt', ...names.map(name => `samples/${id}/${name}`), '--only', id]);
      return findings
        .map(({ rule, oddtalk }) => [rule.id, oddtalk.level, oddtalk.key])
        .map(each => JSON.stringify(each));
    };
    const zeek = await said(files.filter(name => name.endsWith('.log')));
    const suricata = await said(files.filter(name => name.endsWith('.json')));
    expect(zeek).not.toEqual([]);
    expect(suricata.sort()).toEqual(zeek.sort());
  });

  test('most samples have both', () => {
    expect(twoVoiced.length).toBeGreaterThanOrEqual(50);
  });
});

async function linesOfSample(id: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { readFile } = await import('node:fs/promises');
  const names = readdirSync(path.join(root, 'samples', id), { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)));
  return new Map(
    await Promise.all(
      names.map(async name => [name, (await readFile(path.join(root, name), 'utf8')).split('\n')] as const),
    ),
  );
}

test('the quiet sample is no empty room: it holds every kind of event', async () => {
  const { records } = await summaryOf([path.join(root, 'samples/quiet')]);
  expect(Object.keys(records)).toEqual(
    expect.arrayContaining(['flow', 'dns', 'http', 'tls', 'weird', 'process-connect']),
  );
});

test('the rules of the program are sound, and each knows its detector', () => {
  expect(rules.length).toBeGreaterThanOrEqual(65);
  for (const rule of rules) {
    expect(() => activate(rule)).not.toThrow();
    expect(existsSync(path.join(ownRules, rule.family, `${rule.id}.yml`))).toBe(true);
  }
});

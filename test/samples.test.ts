import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { activate } from '../src/pipeline/active-rule.ts';
import { ownRules, readRules } from '../src/rule/read.ts';
import { folder, run, summaryOf } from './run.ts';
import { schemaErrors } from './schema.ts';

/** Each rule speaks on its own sample; `npm test -- -u` rewrites what it says, and a person reads the difference. */

const root = path.join(import.meta.dirname, '..');
const rules = await readRules(ownRules);
const samples = readdirSync(path.join(root, 'samples'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name);

test('every sample folder is named after a rule, but for the quiet one', () => {
  expect(samples.sort()).toEqual([...rules.map(({ id }) => id), 'quiet'].sort());
});

describe.each(rules.map(({ id }) => id))('%s', id => {
  test('speaks on its sample', async () => {
    const { stdout, findings, stderr } = await run(['hunt', `samples/${id}`, '--reproducible', '--format', 'ndjson']);
    expect(stderr).toBe('');
    expect(findings.map(({ rule }) => rule.id)).toContain(id);
    expect(findings.flatMap(schemaErrors)).toEqual([]);
    await expect(stdout).toMatchFileSnapshot(path.join(root, 'samples', id, 'expected.ndjson'));
  });

  test('is told by its evidence: each piece leads to a line that is there', async () => {
    const { findings } = await run(['hunt', `samples/${id}`, '--only', id]);
    const lines = await linesOfSample(id);
    expect(findings).not.toEqual([]);
    for (const { source, line, uid } of findings.flatMap(({ oddtalk }) => oddtalk.evidence)) {
      expect(lines.get(source)?.[line - 1]).toContain(uid ?? '');
      expect(lines.get(source)?.[line - 1]).not.toMatch(/^#|^$/);
    }
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

async function linesOfSample(id: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { readFile } = await import('node:fs/promises');
  const names = readdirSync(path.join(root, 'samples', id)).map(name => `samples/${id}/${name}`);
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
  expect(rules.length).toBeGreaterThanOrEqual(19);
  for (const rule of rules) {
    expect(() => activate(rule)).not.toThrow();
    expect(existsSync(path.join(ownRules, rule.family, `${rule.id}.yml`))).toBe(true);
  }
});

import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { detectors } from '../src/detect/detectors.ts';
import { activate } from '../src/pipeline/active-rule.ts';
import { checkedAtBuild } from '../src/rule/checked.ts';
import { ownRules, readRules } from '../src/rule/read.ts';
import { techniquesOf } from '../src/rule/rule.ts';
import { checked, readRule } from '../src/rule/yaml.ts';
import { folder, parsed, run } from './run.ts';

const good = `id: my-rule
title: A rule
status: experimental
description: It sees things.
tags: [attack.t1571, attack.command-and-control]
analytics: [AN1983]
level: low
category: protocol-anomaly
detector: server-name
options:
  state: missing
falsepositives: [Some]
`;

test('a rule reads, with what it leaves out filled in', () => {
  const rule = readRule(good, 'rules/tls/my-rule.yml');
  expect(rule).toMatchObject({ id: 'my-rule', family: 'tls', version: 1, references: [], level: 'low' });
  expect(techniquesOf(rule)).toEqual(['T1571']);
});

test('the schema of rules is a sound one', async () => {
  const schema = JSON.parse(await readFile(path.join(ownRules, 'rule.schema.json'), 'utf8'));
  expect(new Ajv({ strict: false, formats: { uri: true } }).validateSchema(schema)).toBe(true);
});

describe('a bad rule is refused with file, line and what was expected', () => {
  test.each([
    ['no YAML', good.replace('title: A rule', 'title: "A rule'), /^my-rule\.yml:\d+: not valid YAML: /],
    ['a missing key', good.replace('level: low\n', ''), 'my-rule.yml:1: level is missing'],
    [
      'an unknown key',
      good.replace('level:', 'levle:'),
      'my-rule.yml:7: levle: is no key of a rule (did you mean level?)',
    ],
    [
      'a level that is none',
      good.replace('level: low', 'level: urgent'),
      'my-rule.yml:7: level: expected one of informational, low, medium, high, critical',
    ],
    [
      'a level that is mistyped',
      good.replace('level: low', 'level: medum'),
      'my-rule.yml:7: level: expected one of informational, low, medium, high, critical (did you mean medium?)',
    ],
    [
      'an id that is not the file',
      good.replace('id: my-rule', 'id: your-rule'),
      "my-rule.yml:1: expected the id to be the file's name, my-rule, and found your-rule",
    ],
    [
      'a technique that cannot be',
      good.replace('attack.t1571', 'attack.t15'),
      'my-rule.yml:5: tags.0: found attack.t15, expected such as attack.t1571 or attack.command-and-control',
    ],
    [
      'no harmless reading',
      good.replace('falsepositives: [Some]', 'falsepositives: []'),
      'my-rule.yml:12: falsepositives: expected at least 1',
    ],
    ['a list that is a word', good.replace('[Some]', 'Some'), 'my-rule.yml:12: falsepositives: expected a list'],
    ['a word that is a list', good.replace('title: A rule', 'title: [A]'), 'my-rule.yml:2: title: expected one string'],
    ['an empty file', '', 'my-rule.yml:1: is empty'],
    ['two rules in one file', `${good}---\n${good}`, 'my-rule.yml:13: a second rule begins here: one file holds one'],
    ['a reference to nothing', good.replace('[Some]', '*some'), 'my-rule.yml:1: not valid YAML: Unresolved alias'],
  ])('%s', (_, text, message) => {
    expect(() => readRule(text, 'my-rule.yml')).toThrow(message);
  });

  test.each([
    [
      'an unknown detector',
      good.replace('detector: server-name', 'detector: server-nmae'),
      /^my-rule\.yml:9: no detector is called server-nmae \(did you mean server-name\?\); there are first-seen, /,
    ],
    [
      'an unknown option',
      good.replace('state: missing', 'stat: missing'),
      'my-rule.yml:11: server-name has no option stat (did you mean state?); it has state, confidence',
    ],
    [
      'an option out of range',
      good.replace('state: missing', 'confidence: 2'),
      'my-rule.yml:11: options.confidence: expected a number from 0 to 1',
    ],
    [
      'a word that is none of the words',
      good.replace('state: missing', 'state: gone'),
      'my-rule.yml:11: options.state: expected one of missing, address',
    ],
  ])('%s', (_, text, message) => {
    expect(() => activate(readRule(text, 'my-rule.yml'))).toThrow(message);
  });

  test.each([
    ['without-handshake', 'grace: soon', 'options.grace: expected a duration such as 90s, 10m, 12h or 14d'],
    [
      'server-first',
      'client_first_ports: [80, 70000]',
      'options.client_first_ports: expected a list of ports (0 to 65535) and ranges such as "6000-6063"',
    ],
    ['dns-header', 'opcodes: [query]', 'options.opcodes: expected a list of whole numbers'],
    ['http-request', 'methods: GET', 'options.methods: expected a list of words'],
    [
      'unusual-port',
      'ports: { tls: [443, "x"] }',
      'options.ports: expected names with lists of ports, such as "ssh: [22, 2222]"',
    ],
    [
      'sensor-oddity',
      'names: { grave: [x] }',
      'options.names: expected lists of names under informational, low, medium, high, critical or sensor',
    ],
  ])('an option of %s: %s', (detector, option, message) => {
    const text = good.replace('detector: server-name', `detector: ${detector}`).replace('state: missing', option);
    expect(() => activate(readRule(text, 'my-rule.yml'))).toThrow(message);
  });
});

test('what the build knows of the rules is what their files say', async () => {
  const known = checkedAtBuild();
  const rules = await readRules(ownRules);
  expect(known.size).toBe(rules.length);
  for (const { family, id } of rules) {
    const file = path.join(ownRules, family, `${id}.yml`);
    const text = await readFile(file, 'utf8');
    expect(known.get(text)).toEqual(checked(text, file));
  }
});

test('a rule whose file is not as the build knew it is read anew', async () => {
  const text = await readFile(path.join(ownRules, 'tls/tls-without-sni.yml'), 'utf8');
  const rules = await folder({ 'tls/tls-without-sni.yml': text.replace('level: low', 'level: high') });
  expect(await readRules(rules)).toMatchObject([{ id: 'tls-without-sni', level: 'high', family: 'tls' }]);
});

test('two rules may not share an id', async () => {
  const rules = await folder({ 'a/my-rule.yml': good, 'b/my-rule.yml': good });
  await expect(readRules(rules)).rejects.toThrow(/b\/my-rule\.yml:1: the id my-rule is taken by .*a\/my-rule\.yml:1/);
});

test('every detector serves a rule, and every rule names its harmless readings and techniques', async () => {
  const rules = await readRules(ownRules);
  expect(new Set(rules.map(({ detector }) => detector))).toEqual(new Set(detectors.map(({ name }) => name)));
  for (const rule of rules) {
    expect(rule.falsepositives.length).toBeGreaterThan(0);
    if (rule.level !== 'informational') expect(techniquesOf(rule), rule.id).not.toEqual([]);
  }
});

test('a port that belongs to one protocol is watched by one rule: none by both, none by neither', async () => {
  const rules = await readRules(ownRules);
  const option = (id: string, name: string) => rules.find(rule => rule.id === id)?.options[name];
  expect(option('service-on-unusual-port', 'reserved')).toEqual(
    Object.keys(Object(option('expected-service-absent', 'expected'))),
  );
});

describe('oddtalk rules', () => {
  test('list: a table, or one rule a line', async () => {
    const table = await run(['rules', 'list']);
    expect(table.stdout).toContain('first-seen-talker');
    const ndjson = await run(['rules', 'list', '-f', 'ndjson']);
    const ids = parsed(ndjson.stdout).map(rule => Reflect.get(rule, 'id'));
    expect(ids).toEqual((await readRules(ownRules)).map(({ id }) => id));
  });

  test('show: what a rule sees, why, and what may be harmless', async () => {
    const { stdout, code } = await run(['rules', 'show', 'tls-without-sni']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/tls-without-sni \(low, experimental\)\nTLS without a server name/);
    expect(stdout).toContain(
      'Looks at:\n  - Zeek ssl.log (server_name, version)\n  - Suricata EVE tls events (tls.version, tls.sni), with ',
    );
    expect(stdout).toContain('May be harmless:\n  - Appliances');
    expect(stdout).toContain('AN2002');
  });

  test('show: a mistyped id gets a suggestion', async () => {
    const { stderr, code } = await run(['rules', 'show', 'tls-without-sin']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'oddtalk: no rule is called tls-without-sin (did you mean tls-without-sni?); oddtalk rules list shows all\n',
    );
  });

  test('check: a good folder, and a bad one by file and line', async () => {
    const fine = await folder({ 'tls/my-rule.yml': good });
    expect(await run(['rules', 'check', fine])).toMatchObject({ code: 0, stdout: `1 rule in ${fine}: all good\n` });
    const bad = await folder({ 'tls/my-rule.yml': good.replace('state: missing', 'state: gone') });
    const { code, stderr } = await run(['rules', 'check', bad]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `oddtalk: ${path.join(bad, 'tls/my-rule.yml')}:11: options.state: expected one of missing, address\n`,
    );
    expect((await run(['rules', 'check', path.join(fine, 'nowhere')])).stderr).toContain(
      'no folder of rules can be read here: no such file or folder',
    );
  });

  test('check: all that is wrong, in all files', async () => {
    const one = good.replace('level: low', 'level: urgent').replace('falsepositives: [Some]', 'falsepositives: []');
    const bad = await folder({ 'a/my-rule.yml': one, 'b/your-rule.yml': good });
    expect((await run(['rules', 'check', bad])).stderr.split('\n').map(line => line.replace(bad, ''))).toEqual([
      'oddtalk: /a/my-rule.yml:7: level: expected one of informational, low, medium, high, critical',
      'oddtalk: /a/my-rule.yml:12: falsepositives: expected at least 1',
      "oddtalk: /b/your-rule.yml:1: expected the id to be the file's name, your-rule, and found my-rule",
      '',
    ]);
  });

  test('check: a folder without rules is no good folder, and a rule that cannot be read is named', async () => {
    const empty = await folder({ 'notes.txt': 'no rule' });
    const { code, stderr } = await run(['rules', 'check', empty]);
    expect(code).toBe(2);
    expect(stderr).toBe(`oddtalk: ${empty}: no rule is here: a rule is a file that ends in .yml\n`);
    await symlink(path.join(empty, 'nowhere'), path.join(empty, 'dangling.yml'));
    expect((await run(['hunt', 'samples', '--rules', empty])).stderr).toBe(
      `oddtalk: ${path.join(empty, 'dangling.yml')}: cannot be read: no such file or folder\n`,
    );
  });
});

describe('rules of your own', () => {
  const mine = good.replace('state: missing', 'state: address').replace('level: low', 'level: critical');

  test('run beside the built-in ones', async () => {
    const rules = await folder({ 'tls/my-rule.yml': mine });
    const { findings } = await run(['hunt', 'samples/tls-address-as-sni', '--rules', rules, '--only', 'my-rule']);
    expect(findings).toMatchObject([{ rule: { id: 'my-rule' }, oddtalk: { level: 'critical' } }]);
  });

  test('replace a built-in one of the same id', async () => {
    const rules = await folder({ 'tls/tls-address-as-sni.yml': mine.replace('id: my-rule', 'id: tls-address-as-sni') });
    const { findings } = await run(['hunt', 'samples/tls-address-as-sni', '--rules', rules]);
    expect(findings[0]).toMatchObject({
      rule: { id: 'tls-address-as-sni', name: 'A rule' },
      oddtalk: { level: 'critical' },
    });
  });

  test('stop the run before anything is read when they are wrong', async () => {
    const rules = await folder({ 'tls/my-rule.yml': mine.replace('level: critical', 'level: urgent') });
    const { code, stdout, stderr } = await run(['hunt', 'samples/tls-address-as-sni', '--rules', rules]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/my-rule\.yml:7: level: expected one of informational, low/);
  });
});

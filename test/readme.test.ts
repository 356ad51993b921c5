import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownRules, readRules } from '../src/rule/read.ts';
import { connLog } from './logs.ts';
import { folder, run } from './run.ts';

const readme = readFileSync(path.join(import.meta.dirname, '../README.md'), 'utf8');
const rules = await readRules(ownRules);

const shown = [...readme.matchAll(/```console\n\$ oddtalk ([^\n]*)\n([\s\S]*?)\n```/g)];

test.each(shown.map(([, command = '', output = '']) => [command, output]))(
  'what the README shows of oddtalk %s is what the program prints',
  async (command, output) => {
    const { stdout } = await run(command.split(' '), { isTTY: true, columns: 100, env: { NO_COLOR: '1' } });
    expect(output).toBe(stdout.trimEnd());
  },
  60_000,
);

test('the README shows what it is about', () => {
  expect(shown.length).toBeGreaterThan(1);
});

test('the page of all rules is what the rules themselves say', async () => {
  const { stdout } = await run(['rules', 'list', '--format', 'markdown']);
  expect(readFileSync(path.join(ownRules, 'README.md'), 'utf8')).toBe(stdout);
  for (const { id, level } of rules) expect(stdout).toContain(`| \`${id}\` | ${level} |`);
  for (const family of new Set(rules.map(rule => rule.family)))
    expect(readme).toMatch(new RegExp(`^\\|.*\\b${family}\\b.*\\|`, 'm'));
});

test('the change of a rule that the README shows changes that rule', async () => {
  const [, text = ''] = /\*\*Changing a rule\.\*\*[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const files = await folder({ 'mine/less.yml': text });
  const { stdout, code } = await run(['rules', 'show', 'connection-fan-out', '--rules', path.join(files, 'mine')]);
  expect(code).toBe(0);
  expect(stdout).toContain('least: 200');
  expect(stdout).toContain('window: "1d"');
});

test('the rule that the README shows does what it says there', async () => {
  const [, name = '', text = ''] = /`mine\/(service\/[a-z-]+\.yml)`[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const ssh = [22, 2200, 2222].map(port => ({ uid: `C${port}`, to: `10.1.0.${port % 256}`, port, service: 'ssh' }));
  const files = await folder({ [`mine/${name}`]: text, 'conn.log': connLog(ssh) });
  const options = ['--rules', path.join(files, 'mine'), '--only', path.parse(name).name];
  const { findings } = await run(['hunt', path.join(files, 'conn.log'), ...options]);
  expect(findings.map(({ destination, rule }) => [rule.id, destination?.port])).toEqual([
    ['ssh-off-the-jump-hosts', 2222],
  ]);
});

test('every command and every option that the README uses is one', async () => {
  const helps = await Promise.all(
    [
      ...[['--help'], ['hunt', '--help'], ['learn', '--help'], ['rules', '--help'], ['rules', 'list', '--help']],
      ...[
        ['baseline', '--help'],
        ['baseline', 'show', '--help'],
        ['baseline', 'prune', '--help'],
        ['triage', '--help'],
        ['explain', '--help'],
      ],
    ].map(async argv => (await run(argv)).stdout),
  );
  const help = helps.join('\n');
  const used = new Set([...readme.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option));
  expect(used.size).toBeGreaterThan(8);
  for (const option of used) expect(help, option).toMatch(new RegExp(`${option}(?![\\w-])`));
  for (const [, command = ''] of readme.matchAll(/oddtalk (hunt|learn|explain|triage|(?:rules|baseline) \w+)/g))
    expect(help).toContain(command.split(' ').at(-1));
});

test('every command has help with a description', async () => {
  for (const argv of [
    ['hunt'],
    ['learn'],
    ['explain'],
    ['rules'],
    ['rules', 'list'],
    ['rules', 'show'],
    ['rules', 'check'],
  ]) {
    const { stdout, code } = await run([...argv, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: oddtalk .*\n\n\w/);
  }
});

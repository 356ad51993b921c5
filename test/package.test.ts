import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { folder, parsed } from './run.ts';

const root = path.join(import.meta.dirname, '..');
const exec = promisify(execFile);

/** What `npm i -g ./oddtalk-*.tgz` gives, in an empty folder: it needs the npm registry or its cache. */
test('the packed program, installed for everybody, works in an empty folder', { timeout: 240_000 }, async () => {
  const empty = await folder({ 'logs/ssl.log': readFileSync(path.join(root, 'samples/tls-without-sni/ssl.log')) });
  const prefix = await folder();
  const { stdout: packed } = await exec('npm', ['pack', '--json', '--pack-destination', prefix], { cwd: root });
  const [{ filename, files }]: [{ filename: string; files: readonly { path: string }[] }] = JSON.parse(
    packed.slice(packed.indexOf('[')),
  );
  const names = files.map(file => file.path);
  expect(names).toEqual(
    expect.arrayContaining([
      'bin/oddtalk.js',
      'dist/cli/main.js',
      'rules/tls/tls-without-sni.yml',
      'src/finding/finding.schema.json',
      'LICENSE',
      'README.md',
    ]),
  );
  expect(names.filter(name => /^(test|node_modules|\.ci)\//.test(name))).toEqual([]);

  await exec('npm', [
    'install',
    '--global',
    '--prefix',
    prefix,
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    path.join(prefix, filename),
  ]);
  const onPath = { ...process.env, PATH: `${path.join(prefix, 'bin')}:${process.env.PATH}` };
  const { stdout: version } = await exec('oddtalk', ['--version'], { cwd: empty, env: onPath });
  expect(version.trim()).toBe(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version);
  const { stdout } = await exec('oddtalk', ['hunt', 'logs', '--exit-zero'], { cwd: empty, env: onPath });
  expect(parsed(stdout).map(({ rule }) => rule.id)).toEqual(['tls-without-sni']);
});

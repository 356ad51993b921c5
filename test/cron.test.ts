import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../src/finding/finding.ts';
import { folder, run } from './run.ts';

const shared = path.join(import.meta.dirname, '../../shared');
const generator = path.join(shared, 'gen_corpus.py');

/** How many runs there are a day: `CRON=144` is one every ten minutes, and takes a quarter of an hour. */
const RUNS_A_DAY = Number(process.env.CRON ?? 4);

const OPTIONS = ['--warmup', '2d', '--reproducible', '--exit-zero'];

/** A week of logs, a folder for each day. */
async function week(): Promise<{ readonly root: string; readonly days: readonly string[] }> {
  const root = await folder();
  const out = path.join(root, 'logs');
  const options = { records: 12000, hosts: 60, days: 7, seed: 77, format: 'tsv', rotate: 'day', out };
  execFileSync('python3', [
    generator,
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
  ]);
  const days = readdirSync(out).filter(name => name.startsWith('2'));
  return { root, days: days.map(day => path.join(out, day)) };
}

/** What stands by id once all has been told: what is withdrawn does not. */
function standing(told: readonly Finding[]): readonly string[] {
  const ids = new Set<string>();
  for (const { event, oddtalk } of told)
    if (oddtalk.status === 'withdrawn') ids.delete(event.id);
    else ids.add(event.id);
  return [...ids].sort();
}

describe.skipIf(!existsSync(generator))('seven days on a log server (../shared/gen_corpus.py)', () => {
  test('told run by run, with logs that grow, are rotated and packed at midnight, or in one run: the same', async () => {
    const { root, days } = await week();
    const expected = await run(['hunt', ...days, ...OPTIONS]);
    expect(expected.findings.length).toBeGreaterThan(50);
    const live = path.join(root, 'live');
    const current = path.join(live, 'current');
    mkdirSync(current, { recursive: true });
    const told: Finding[] = [];
    let runs = 0;
    for (const day of days) {
      const files = readdirSync(day).map(name => ({ name, bytes: readFileSync(path.join(day, name)) }));
      for (let part = 0; part < RUNS_A_DAY; part++) {
        for (const { name, bytes } of files) {
          // Wherever that is in a line: the writer is not asked.
          const [from, to] = [part, part + 1].map(each => Math.floor((bytes.length * each) / RUNS_A_DAY));
          appendFileSync(path.join(current, name), bytes.subarray(from, to));
        }
        const ran = await run(['hunt', live, '--baseline', path.join(root, 'b.db'), ...OPTIONS]);
        expect([ran.code, ran.stderr]).toEqual([0, '']);
        told.push(...ran.findings);
        runs++;
      }
      const archive = path.join(live, path.basename(day));
      mkdirSync(archive);
      for (const { name, bytes } of files) {
        writeFileSync(path.join(archive, `${name}.gz`), gzipSync(bytes));
        rmSync(path.join(current, name));
      }
    }
    expect(runs).toBe(7 * RUNS_A_DAY);
    const last = await run(['hunt', live, '--baseline', path.join(root, 'b.db'), ...OPTIONS]);
    expect([last.findings, last.stderr]).toEqual([[], '']);
    expect(standing(told)).toEqual(standing(expected.findings));
    // Nobody hears anything twice.
    const first = told.filter(({ oddtalk }) => oddtalk.status === undefined).map(({ event }) => event.id);
    expect(new Set(first).size).toBe(first.length);
  }, 3_600_000);

  test('and so are the same days in another order', async () => {
    const { root, days } = await week();
    const expected = await run(['hunt', ...days, ...OPTIONS]);
    const told: Finding[] = [];
    for (const index of [5, 0, 6, 2, 1, 4, 3]) {
      const day = days[index] ?? '';
      const ran = await run(['hunt', day, '--baseline', path.join(root, 'b.db'), ...OPTIONS]);
      told.push(...ran.findings);
    }
    expect(standing(told)).toEqual(standing(expected.findings));
    expect(told.some(({ oddtalk }) => oddtalk.status === 'withdrawn')).toBe(true);
  }, 600_000);
});

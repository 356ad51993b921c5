import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openDatabase } from '../src/baseline/store/database.ts';
import { tarOf } from './archives.ts';
import { connLog, MONDAY } from './logs.ts';
import { folder, parsed } from './run.ts';

/** How often a run is killed: `CRASH=40` takes a minute or two. */
const KILLS = Number(process.env.CRASH ?? 6);

const program = path.join(import.meta.dirname, '../bin/oddtalk.js');
const OPTIONS = ['--warmup', '6h', '--reproducible', '--exit-zero', '--lock-timeout', '60s'];

/** Archives are read one by one, and each is a segment, of which eight are written down together: two days of ten hosts. */
async function manySegments(): Promise<string> {
  const root = await folder();
  for (let part = 0; part < 160; part++) {
    const records = Array.from({ length: 120 }, (_, index) => {
      const host = index % 10;
      const isNew = part > 120 && part % 4 === 0 && index === 5;
      return {
        ts: MONDAY + part * 1080 + index * 9,
        uid: `C${part}x${index}`,
        from: `10.1.0.${host + 10}`,
        to: isNew ? `203.0.113.${part}` : `198.51.100.${(index % 7) + host}`,
        ...(isNew && { port: 4000 + part, service: 'ssl' }),
      };
    });
    writeFileSync(
      path.join(root, `part-${String(part).padStart(3, '0')}.tar`),
      await tarOf({ 'conn.log': connLog(records) }),
    );
  }
  return root;
}

function start(
  logs: string,
  baseline: string,
  told: string,
): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const out = openSync(told, 'a');
  const child = spawn(process.execPath, [program, 'hunt', logs, '--baseline', baseline, ...OPTIONS], {
    stdio: ['ignore', out, 'ignore'],
  });
  closeSync(out);
  return { child, ended: new Promise(ended => child.on('exit', ended)) };
}

/** Everything that a baseline remembers of hosts, and what SQLite says of the file. */
function contentOf(baseline: string) {
  const database = openDatabase(baseline, 'reading');
  const all = (sql: string) => [...database.rows(sql)];
  const content = {
    sightings: all('SELECT trait, host, peer, port, first, last, sightings, bytes FROM sightings ORDER BY 1, 2, 3, 4'),
    evidence: all('SELECT rule, originator, responder, first, last, count FROM evidence ORDER BY 1, 2, 3, 4'),
    spans: all('SELECT * FROM spans'),
    sources: all('SELECT path, size, lines FROM sources ORDER BY 1'),
  };
  expect(all('PRAGMA integrity_check')).toEqual([['ok']]);
  database.close();
  return content;
}

/** Findings that a run had not told to the end when it was killed are cut short; the next one tells them again. */
function idsIn(told: string): readonly string[] {
  const lines = readFileSync(told, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('{') && line.endsWith('}'));
  return [...new Set(parsed(lines.join('\n')).map(({ event }) => event.id))].sort();
}

test(`whoever is killed ${KILLS} times, two at once, has learnt and told the same in the end`, async () => {
  const logs = await manySegments();
  const root = await folder();
  const [calm, calmTold] = [path.join(root, 'calm.db'), path.join(root, 'calm.ndjson')];
  const begun = performance.now();
  expect(await start(logs, calm, calmTold).ended).toBe(0);
  const length = performance.now() - begun;
  expect(idsIn(calmTold).length).toBeGreaterThan(5);

  for (let kills = 0, round = 0; kills < KILLS; round++) {
    const [baseline, told] = [path.join(root, `${round}.db`), path.join(root, `${round}.ndjson`)];
    // Until two have come to their end: from then on there is nothing more to be killed at.
    for (let hasEnded = false; !hasEnded; ) {
      const runs = [start(logs, baseline, told), start(logs, baseline, told)];
      await wait(length * (0.2 + 0.8 * Math.random()));
      const killed = runs.filter(({ child }) => child.exitCode === null && child.kill('SIGKILL'));
      kills += killed.length;
      await Promise.all(runs.map(({ ended }) => ended));
      hasEnded = killed.length === 0;
    }
    expect(await start(logs, baseline, told).ended).toBe(0);
    expect(contentOf(baseline)).toEqual(contentOf(calm));
    expect(idsIn(told)).toEqual(idsIn(calmTold));
  }
}, 600_000);

import { hostname } from 'node:os';
import { pid } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../baseline/store/database.ts';
import type { Kept } from '../pipeline/hunt.ts';
import { durationText } from '../value/duration.ts';
import { isoTime, type Micros, SECOND } from '../value/time.ts';
import { type Terminal, tell, UsageError } from './terminal.ts';

/** What was typed of a baseline. */
export interface KeepingOptions {
  readonly baseline?: string;
  readonly lockTimeout: Micros;
  readonly keep: Micros;
}

/** How often it is tried, in milliseconds. */
const PATIENCE = 100;

/** Does something while nobody else writes the baseline; without one, there is nobody to wait for. */
export async function keeping<Result>(
  { baseline: file, keep, lockTimeout }: KeepingOptions,
  terminal: Terminal,
  work: (kept: Kept | undefined) => Promise<Result>,
): Promise<Result> {
  if (file === undefined) return work(undefined);
  return locked(file, lockTimeout, terminal, async () => {
    const { beginRun, endRun, openDatabase } = await import('../baseline/store/database.ts');
    const { forgetOld } = await import('../pipeline/forget-old.ts');
    const { createTold } = await import('../correlate/told.ts');
    const database = openDatabase(file, 'new');
    try {
      beginRun(database, file);
      const told = createTold(database);
      forgetOld(database, told, keep);
      const result = await work({ database, told });
      endRun(database);
      return result;
    } finally {
      database.close();
    }
  });
}

/** The same for what changes a baseline that there is. */
export const changing = <Result>(
  file: string,
  lockTimeout: Micros,
  terminal: Terminal,
  work: (database: Database) => Promise<Result>,
): Promise<Result> =>
  locked(file, lockTimeout, terminal, async () => {
    const { openDatabase } = await import('../baseline/store/database.ts');
    const database = openDatabase(file, 'existing');
    try {
      return await work(database);
    } finally {
      database.close();
    }
  });

async function locked<Result>(
  file: string,
  lockTimeout: Micros,
  terminal: Terminal,
  work: () => Promise<Result>,
): Promise<Result> {
  const { refuseForeign } = await import('../baseline/store/database.ts');
  const { takeLock } = await import('../baseline/store/lock.ts');
  // Nothing is written beside a file that is none of ours.
  refuseForeign(file);
  const holder = `process ${pid} on ${hostname()}, since ${isoTime(terminal.now() * 1000)}`;
  for (let waited = 0; ; waited += PATIENCE) {
    const lock = takeLock(file, holder);
    if ('release' in lock) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (waited * 1000 >= lockTimeout)
      throw new UsageError(
        `${file}: another run has it (${lock.heldBy}), and still after ${durationText(Math.max(lockTimeout, SECOND))}: try again later, or wait longer with --lock-timeout`,
      );
    if (waited === 0) await tell(terminal, [`${file}: waiting for another run (${lock.heldBy})`]);
    await wait(PATIENCE, undefined, { signal: terminal.interrupt }).catch(() => {
      throw new UsageError(`${file}: another run has it (${lock.heldBy}), and nobody waits any longer`);
    });
  }
}

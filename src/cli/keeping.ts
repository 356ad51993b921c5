import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { pid } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../baseline/store/database.ts';
import type { Kept } from '../pipeline/hunt.ts';
import { durationText } from '../value/duration.ts';
import { DAY, isoTime, type Micros, SECOND } from '../value/time.ts';
import { type Terminal, tell, UsageError } from './terminal.ts';

/** What was typed of a baseline. */
export interface KeepingOptions {
  readonly baseline?: string;
  readonly lockTimeout: Micros;
  readonly keep: Micros;
  readonly maxRows?: number;
}

/** About 4 GB, with what it takes to find them. */
export const MOST_ROWS = 20_000_000;

/** How often it is tried, in milliseconds. */
const PATIENCE = 100;

/** Does something while nobody else writes the baseline; without one, there is nobody to wait for. */
export async function keeping<Result>(
  { baseline, keep, lockTimeout, maxRows = MOST_ROWS }: KeepingOptions,
  terminal: Terminal,
  work: (kept: Kept | undefined) => Promise<Result>,
): Promise<Result> {
  if (baseline === undefined) return work(undefined);
  const file = realFile(baseline);
  return locked(file, lockTimeout, terminal, async () => {
    const { beginRun, endRun, withDatabase } = await import('../baseline/store/database.ts');
    const { forgetOld } = await import('../pipeline/forget-old.ts');
    const { createTold } = await import('../correlate/told.ts');
    return withDatabase(file, 'new', async database => {
      beginRun(database, file);
      const told = createTold(database);
      const latest = terminal.now() * 1000 + DAY;
      forgetOld(database, told, { keep, mostRows: maxRows, latest });
      const result = await work({ database, told, latest });
      endRun(database);
      return result;
    });
  });
}

/** The same for what changes a baseline that there is. */
export function changing<Result>(
  baseline: string,
  lockTimeout: Micros,
  terminal: Terminal,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const file = realFile(baseline);
  return locked(file, lockTimeout, terminal, async () => {
    const { withDatabase } = await import('../baseline/store/database.ts');
    return withDatabase(file, 'existing', work);
  });
}

/** The file itself, however it is reached: whoever comes by another way must meet the same lock. */
function realFile(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

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

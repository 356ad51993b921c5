import { open, realpath, writeFile } from 'node:fs/promises';
import { reasonOf } from '../input/reason.ts';
import { type Found, STDIN } from '../input/sources.ts';
import type { Summary } from '../pipeline/summary.ts';
import { UsageError } from './terminal.ts';

/** Refuses, before anything is read, a file that cannot be written, and one that is itself to be read. */
export async function checkSummaryFile(file: string, { sources }: Found): Promise<void> {
  if (file === STDIN) throw new UsageError('--summary takes a file: findings have standard output for themselves');
  try {
    await (await open(file, 'a')).close();
  } catch (cause) {
    throw unwritable(file, cause);
  }
  const real = await realpath(file);
  for (const { name } of sources) {
    if (name !== STDIN && (await realpath(name).catch(() => name)) === real)
      throw new UsageError(`--summary ${file} would be written over what is to be read`);
  }
}

export async function writeSummary(file: string, summary: Summary): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(summary, null, 2)}\n`);
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

function unwritable(file: string, cause: unknown): UsageError {
  const isNowhere = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  const reason = isNowhere ? 'there is no such folder' : reasonOf(cause);
  return new UsageError(`--summary ${file}: cannot be written: ${reason}`, { cause });
}

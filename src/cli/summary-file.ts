import { open, realpath, writeFile } from 'node:fs/promises';
import { reasonOf } from '../input/reason.ts';
import { type Found, type Source, STDIN } from '../input/sources.ts';
import type { Summary } from '../pipeline/summary.ts';
import { UsageError } from './terminal.ts';

/**
 * What there is to read but the summary of an earlier run, which lies in a folder that is read. Refuses, before anything
 * is read, a file that cannot be written, and any other that is to be read.
 */
export async function withoutSummary(file: string, found: Found): Promise<Found> {
  if (file === STDIN) throw new UsageError('--summary takes a file: findings have standard output for themselves');
  try {
    await (await open(file, 'a')).close();
  } catch (cause) {
    throw unwritable(file, cause);
  }
  const real = await realpath(file);
  const sources: Source[] = [];
  for (const source of found.sources) {
    const { name } = source;
    if (name === STDIN || (await realpath(name).catch(() => name)) !== real) sources.push(source);
    else if (!(await isSummary(file)))
      throw new UsageError(`--summary ${file} would be written over what is to be read`);
  }
  return { ...found, sources };
}

/** Whether a file is what `writeSummary` wrote, or empty. */
async function isSummary(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(BEGINNING.length), 0, BEGINNING.length, 0);
    return bytesRead === 0 || buffer.toString() === BEGINNING;
  } finally {
    await handle.close();
  }
}

const BEGINNING = '{\n  "schema": "1.0",\n  "inputs": [';

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

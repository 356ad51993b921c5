import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { InvalidArgumentError } from 'commander';
import split from 'split2';
import type { Warmup } from '../baseline/acquaintance.ts';
import { isNetwork } from '../value/address.ts';
import { readDuration } from '../value/duration.ts';
import { type Micros, readTime } from '../value/time.ts';
import { UsageError } from './terminal.ts';

/** Readers of what was typed: each gives a checked value or says what was expected. */

export function readMoment(text: string): Micros {
  // Eight digits are a date that somebody forgot to punctuate, not a second of 1970.
  const time = /^\d{1,8}$/.test(text) ? undefined : readTime(text);
  if (time === undefined)
    throw new InvalidArgumentError('expected a time such as 2026-11-19, 2026-11-19T08:00:00Z or 1795075200');
  return time;
}

export function readWarmup(text: string): Warmup['length'] {
  if (text === 'auto') return text;
  const length = readDuration(text);
  if (length === undefined) throw new InvalidArgumentError('expected auto or a duration such as 90m, 12h or 7d');
  return length;
}

export function readJobs(text: string): number {
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1) throw new InvalidArgumentError('expected a whole number of at least 1');
  return jobs;
}

/** For options that may be given several times, and hold several ids of rules with commas between. */
export function readIds(text: string, before: readonly string[] = []): readonly string[] {
  const ids = wordsIn(text);
  if (ids.length === 0) throw new InvalidArgumentError('expected ids of rules with commas between');
  return [...before, ...ids];
}

const wordsIn = (text: string): readonly string[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');

export const readFolders = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** Networks with commas between, or a file with one on a line, as Zeek's networks.cfg has them. */
export async function readLocalNets(text: string): Promise<readonly string[]> {
  const typed = wordsIn(text);
  const bad = typed.filter(word => !isNetwork(word));
  if (typed.length > 0 && bad.length === 0) return typed;
  const looksTyped =
    bad.length < typed.length || bad.some(word => /^[\d.]+(\/|$)|^[\da-f:]*:[\da-f:]*(\/|$)/i.test(word));
  if (looksTyped) throw new UsageError(`--local-nets: expected networks such as 10.0.0.0/8,fd00::/8, found ${bad[0]}`);
  return readNetworksFile(text);
}

const LONGEST_LINE = 4096;

async function readNetworksFile(file: string): Promise<readonly string[]> {
  const networks: string[] = [];
  let number = 0;
  try {
    for await (const line of pipeline(
      createReadStream(file),
      split({ maxLength: LONGEST_LINE }),
      failuresReachTheLoop,
    )) {
      number++;
      const [network = ''] = String(line).replace(/#.*/, '').trim().split(/\s+/);
      if (network === '') continue;
      if (!isNetwork(network))
        throw new UsageError(`${file}:${number}: expected a network such as 10.0.0.0/8, found ${network}`);
      networks.push(network);
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(
      `--local-nets ${file}: expected networks (10.0.0.0/8,fd00::/8) or a file with one on a line, and there is no such file`,
      { cause },
    );
  }
  if (networks.length === 0) throw new UsageError(`--local-nets ${file}: the file names no network`);
  return networks;
}

const failuresReachTheLoop = (): void => {};

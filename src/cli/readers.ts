import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { InvalidArgumentError } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import split from 'split2';
import type { Warmup } from '../baseline/acquaintance.ts';
import { createNetworks, isNetwork, type Networks } from '../value/address.ts';
import { readDuration } from '../value/duration.ts';
import { type Micros, readTime } from '../value/time.ts';
import { UsageError } from './terminal.ts';

/** Readers of what was typed: each gives a checked value or says what was expected. */

export function readMoment(text: string): Micros {
  const time = readTime(text);
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

/** For options that may be given several times, and hold several words with commas between. */
export const readWords = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== ''),
];

export const readFolders = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** The word that was probably meant, as the end of a message. */
export function suggestion(typed: string, words: readonly string[]): string {
  if (words.length === 0) return '';
  const best = closest(typed, [...words]);
  return distance(typed, best) <= Math.max(2, typed.length / 3) ? ` (did you mean ${best}?)` : '';
}

/** Networks with commas between, or a file with one on a line, as Zeek's networks.cfg has them. */
export async function readLocalNets(text: string): Promise<Networks> {
  const typed = readWords(text);
  if (typed.length > 0 && typed.every(isNetwork)) return createNetworks(typed);
  return createNetworks(await readNetworksFile(text));
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

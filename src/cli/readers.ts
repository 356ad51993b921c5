import { InvalidArgumentError } from 'commander';
import type { Warmup } from '../baseline/acquaintance.ts';
import { readDuration } from '../value/duration.ts';
import { type Micros, readTime } from '../value/time.ts';

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

export function readLength(text: string): Micros {
  const length = readDuration(text);
  if (length === undefined) throw new InvalidArgumentError('expected a duration such as 30s, 10m, 12h or 90d');
  return length;
}

export function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('expected a whole number of at least 1');
  return count;
}

/** For options that may be given several times, and hold several ids of rules with commas between. */
export function readIds(text: string, before: readonly string[] = []): readonly string[] {
  const ids = wordsIn(text);
  if (ids.length === 0) throw new InvalidArgumentError('expected ids of rules with commas between');
  return [...before, ...ids];
}

export const wordsIn = (text: string): readonly string[] =>
  text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '');

export const readFolders = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

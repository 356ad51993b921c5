import { Option } from 'commander';
import { MINUTE } from '../value/time.ts';
import { readLength } from './readers.ts';

/** Options that several commands have. */

export const format = (what: string): Option =>
  new Option('-f, --format <format>', what).choices(['auto', 'table', 'ndjson']).default('auto');

/** How long whoever needs a baseline for himself is ready to wait. */
export const lockTimeout = (): Option =>
  new Option('--lock-timeout <length>', 'how long to wait for another run on the same baseline')
    .argParser(readLength)
    .default(MINUTE, '1m');

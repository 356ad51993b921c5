import type { Readable } from 'node:stream';
import type { Rows } from '../baseline/rows.ts';
import type { Source } from '../input/sources.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { createNetworks } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import { createObserver, type Observation } from './observer.ts';
import { readSource, type SourceReport } from './read-source.ts';
import { createRefusals, type Refusals } from './refusals.ts';

/** What whoever reads has to know. */
export interface Task {
  readonly rules: readonly ActiveRule[];
  /** What lies before or after is not read. */
  readonly since: Micros | undefined;
  readonly until: Micros | undefined;
  /** The networks that are ours; undefined where the sensors' word counts. */
  readonly localNets: readonly string[] | undefined;
}

/** What is left of a source that has been read. */
export interface Observed extends Observation {
  readonly report: SourceReport;
  readonly refusals: Refusals;
}

/** Reads a source with everybody looking on; `index` is its place in the list of sources. */
export async function observeSource(
  source: Source,
  index: number,
  { rules, since = 0, until = Number.POSITIVE_INFINITY, localNets }: Task,
  { symbols, stdin }: { readonly symbols: Symbols; readonly stdin: Readable },
): Promise<Observed & { readonly rows: Rows }> {
  const networks = localNets && createNetworks(localNets);
  const observer = createObserver({ rules, symbols, localNets: networks, source: index });
  const refusals = createRefusals();
  const report = await readSource(source, {
    symbols,
    stdin,
    refused: refusals.note,
    event(event, place) {
      if (event.time < since || event.time >= until) return false;
      observer.see(event, place);
      return true;
    },
  });
  return { report, refusals: refusals.all, ...observer.observation() };
}

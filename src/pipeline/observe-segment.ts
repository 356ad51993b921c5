import type { Readable } from 'node:stream';
import type { Rows } from '../baseline/rows.ts';
import type { Segment } from '../input/segments.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { createNetworks } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import { createObserver, type Observation } from './observer.ts';
import { readSegment, type SegmentReport } from './read-segment.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import type { SourceReport } from './source-report.ts';

/** What whoever reads has to know. */
export interface Task {
  readonly rules: readonly ActiveRule[];
  /** What lies before or after is not read. */
  readonly since: Micros | undefined;
  readonly until: Micros | undefined;
  /** The networks that are ours; undefined where the sensors' word counts. */
  readonly localNets: readonly string[] | undefined;
}

/** What is left of a segment that has been read. */
export interface Observed extends Observation {
  /** The segment's place in the list of segments. */
  readonly place: number;
  readonly report: SegmentReport & SourceReport;
  readonly refusals: Refusals;
}

/** Reads a segment with everybody looking on. */
export async function observeSegment(
  segment: Segment,
  place: number,
  { rules, since = 0, until = Number.POSITIVE_INFINITY, localNets }: Task,
  { symbols, stdin }: { readonly symbols: Symbols; readonly stdin: Readable },
): Promise<Observed & { readonly rows: Rows }> {
  const networks = localNets && createNetworks(localNets);
  const observer = createObserver({ rules, symbols, localNets: networks, since, until, segment: place });
  const refusals = createRefusals();
  const { watcherOf } = observer;
  const report = await readSegment(segment, { symbols, stdin, refused: refusals.note, watcherOf });
  return {
    ...{ place, refusals: refusals.all },
    ...observer.observation(),
    report: { ...report, ...observer.counts() },
  };
}

import type { Readable } from 'node:stream';
import type { Segment } from '../input/segments.ts';
import { distrustFastPath } from '../kernel/open.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { createNetworks } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import { createObserver, type Observation } from './observer.ts';
import { readSegment, type SegmentReport } from './read-segment.ts';
import type { Memory } from './recognition.ts';
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
  /** How many rows the baseline may have: of all, and of each segment; undefined: as many as there are. */
  readonly maxRows?: number | undefined;
}

/** What is left of a segment that has been read. */
export interface Observed extends Observation {
  /** The segment's place in the list of segments. */
  readonly place: number;
  readonly report: SegmentReport & SourceReport;
  readonly refusals: Refusals;
}

/** Whoever started a run, and hears how it goes. */
interface Supervisor {
  /** Once aborted, nothing more is read. */
  readonly interrupt: AbortSignal;
  /** So many more bytes, as they are stored, have been read, and so many records seen. */
  advanced(bytes: number, records: number): void;
  /** Something failed at a segment, and is done again in another way. */
  failed(segment: Segment, what: string): void;
}

export interface Means extends Supervisor {
  readonly symbols: Symbols;
  /** What is recognised from segment to segment. */
  readonly memory: Memory;
  readonly stdin: Readable;
}

/** Reads a segment with everybody looking on; where the fast decoders fail at it, once more without them. */
export async function observeSegment(segment: Segment, place: number, task: Task, means: Means): Promise<Observed> {
  try {
    return await observe(segment, place, task, means);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    distrustFastPath();
    means.failed(segment, `the fast decoder failed at it (${error.message}): it is read again by the careful one`);
    return observe(segment, place, task, means);
  }
}

async function observe(
  segment: Segment,
  place: number,
  { rules, since = 0, until = Number.POSITIVE_INFINITY, localNets, maxRows }: Task,
  { symbols, memory, stdin, interrupt, advanced }: Means,
): Promise<Observed> {
  const networks = localNets && createNetworks(localNets);
  const observer = createObserver({
    rules,
    symbols,
    localNets: networks,
    since,
    until,
    segment: place,
    maxRows,
    memory,
  });
  const refusals = createRefusals();
  const { watcherOf } = observer;
  let told = 0;
  const report = await readSegment(segment, {
    ...{ symbols, stdin, interrupt, watcherOf },
    refused: refusals.note,
    meter(bytes) {
      const { total } = observer;
      advanced(bytes, total - told);
      told = total;
    },
  });
  return {
    ...{ place, refusals: refusals.all },
    ...observer.observation(),
    report: { ...report, ...observer.counts() },
  };
}

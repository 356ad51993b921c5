import type { Readable } from 'node:stream';
import { entriesIn } from '../input/archive.ts';
import type { ByteStream } from '../input/byte-stream.ts';
import type { Bundle, Segment } from '../input/segments.ts';
import { distrustFastPath } from '../kernel/open.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { createNetworks } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import type { Watched } from './encountering.ts';
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
  /** How many rows the baseline may have: of all, and of each bundle; undefined: as many as there are. */
  readonly maxRows?: number | undefined;
  /** The machines of which every flow is to be known by itself. */
  readonly watched?: Watched;
}

/** What is left of segments that have been read together. */
export interface Observed extends Observation {
  readonly parts: Parts;
}

type Parts = readonly [Part, ...Part[]];

/** What is told of one segment, or of one file in it. */
export interface Part {
  /** In the list of segments. */
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

/** Reads segments with everybody looking on; where the fast decoders fail at one, all of them once more without. */
export async function observeBundle(bundle: Bundle, task: Task, means: Means): Promise<Observed> {
  const { segments } = bundle;
  let [at] = segments;
  const met = (segment: Segment): void => {
    at = segment;
  };
  try {
    return await observe(bundle, task, means, met);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    distrustFastPath();
    means.failed(at, `the fast decoder failed at it (${error.message}): it is read again by the careful one`);
    return observe(bundle, task, means, met);
  }
}

async function observe(
  { place, segments }: Bundle,
  { rules, since = 0, until = Number.POSITIVE_INFINITY, localNets, maxRows, watched }: Task,
  { symbols, memory, stdin, interrupt, advanced }: Means,
  met: (segment: Segment) => void,
): Promise<Observed> {
  const networks = localNets && createNetworks(localNets);
  const observer = createObserver({ rules, symbols, localNets: networks, since, until, maxRows, memory, watched });
  const { watcherOf } = observer;
  let told = 0;
  const meter = (bytes: number): void => {
    const { total } = observer;
    advanced(bytes, total - told);
    told = total;
  };
  const read = async (segment: Segment, place: number, opened?: ByteStream): Promise<Part> => {
    met(segment);
    observer.begin(place);
    const refusals = createRefusals();
    const handlers = { symbols, stdin, interrupt, watcherOf, meter, refused: refusals.note };
    const report = await readSegment(segment, handlers, opened);
    return { place, refusals: refusals.all, report: { ...report, ...observer.counts() } };
  };
  const parts: Part[] = [];
  for (const segment of segments) {
    if (!segment.isArchive) parts.push(await read(segment, place + parts.length));
    else
      for await (const { source, bytes } of entriesIn(segment.source, { meter, interrupt }))
        parts.push(await read({ ...segment, source, isArchive: false }, place + parts.length, bytes));
  }
  return { parts: parts as [Part, ...Part[]], ...observer.observation() };
}

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { restFrom, type Segment } from '../input/segments.ts';
import { type Source, STDIN } from '../input/sources.ts';
import { threadFile } from '../value/home.ts';
import { sum } from '../value/sum.ts';
import { type Means, type Observed, observeSegment, type Task } from './observe-segment.ts';
import { createUnpacker } from './parcel.ts';
import type { Errand, Orders, Reply, Request } from './worker.ts';

/** Below this much the work is done before a thread has started. */
const WORTH_A_THREAD = 32 << 20;

export interface Crew extends Means {
  /** How many threads may read; undefined: as many as there are cores, where there is enough to read. */
  readonly jobs: number | undefined;
}

/**
 * Observes all segments, on so many threads as there are jobs, of which this is one, and gives what is left of each in
 * their order, whichever was done first: the result does not depend on the jobs, as long as the baseline has room for all.
 * Where a source turns out to change its form on the way, what was read of its further segments is dropped, and they are
 * read in one.
 */
export async function* observeAll(segments: readonly Segment[], task: Task, crew: Crew): AsyncGenerator<Observed> {
  const pool = createPool(segments, task, crew);
  let previous: { readonly source: Source; readonly closing: string; readonly isLast: boolean } | undefined;
  try {
    for (const [place, segment] of segments.entries()) {
      const { source } = segment;
      const before = previous?.source === source ? previous : undefined;
      if (before?.isLast) continue;
      let observed = await pool.observe(place);
      const isTurned = before !== undefined && before.closing !== observed.report.opening;
      if (isTurned) observed = await observeSegment(restFrom(segment), place, task, crew);
      const { closing, nature, broken } = observed.report;
      previous = { source, closing, isLast: isTurned || nature !== undefined || broken !== undefined };
      yield observed;
    }
  } finally {
    await pool.close();
  }
}

/** Whoever there is to observe the segments. */
interface Pool {
  observe(place: number): Promise<Observed>;
  close(): Promise<unknown>;
}

function createPool(segments: readonly Segment[], task: Task, crew: Crew): Pool {
  const observeHere = async (place: number): Promise<Observed> => {
    const segment = segments[place];
    if (!segment) throw new RangeError(`there is no segment ${place}`);
    return observeSegment(segment, place, task, crew);
  };
  const errands = segments
    .map((segment, place) => ({ segment, place }))
    .filter(({ segment }) => segment.source.name !== STDIN);
  const size = threadsFor(errands, crew);
  if (size < 2) return { observe: observeHere, close: async () => {} };

  const threads = Array.from({ length: size - 1 }, () => createThread(task, crew));
  crew.interrupt.addEventListener('abort', () => {
    for (const thread of threads) thread.stop();
  });
  // This one is there already, and takes the largest at once; what others send is heard between two blocks.
  const here = { observe: ({ place }: Errand) => observeHere(place) };
  const take = createQueue([...threads, here]);
  let isClosed = false;
  const observeThere = (errand: Errand): Promise<Observed> =>
    take(async thread => {
      if (isClosed) throw new Error('nobody waits for it any more');
      // Once interrupted, this ends at once, and says so.
      if (crew.interrupt.aborted) return observeHere(errand.place);
      try {
        return await thread.observe(errand);
      } catch (error) {
        if (thread === here || isClosed) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        crew.failed(errand.segment, `a thread failed at it (${reason}): it is read again without`);
        return observeHere(errand.place);
      }
    });
  // The largest first, so that nobody is left alone with it at the end.
  const queue = [...errands].sort((one, other) => lengthOf(other.segment) - lengthOf(one.segment));
  const done = new Map(queue.map(errand => [errand.place, observeThere(errand)]));
  // What fails is heard of where it is waited for, and not before.
  for (const promise of done.values()) promise.catch(() => {});
  return {
    async observe(place) {
      const observed = await (done.get(place) ?? observeHere(place));
      done.delete(place);
      return observed;
    },
    close() {
      isClosed = true;
      return Promise.all(threads.map(thread => thread.close()));
    },
  };
}

function threadsFor(errands: readonly Errand[], { jobs }: Crew): number {
  const length = sum(errands.map(({ segment }) => lengthOf(segment)));
  return Math.min(jobs ?? (length < WORTH_A_THREAD ? 1 : availableParallelism()), errands.length);
}

const lengthOf = ({ source, from, to }: Segment): number => (to ?? source.size ?? 0) - from;

/** Gives each piece of work to whoever is free next. */
function createQueue<Worker>(workers: readonly Worker[]) {
  const free = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];
  return async <Result>(work: (worker: Worker) => Promise<Result>): Promise<Result> => {
    const worker = free.pop() ?? (await new Promise<Worker>(resolve => waiting.push(resolve)));
    try {
      return await work(worker);
    } finally {
      const next = waiting.shift();
      if (next) next(worker);
      else free.push(worker);
    }
  };
}

function createThread({ rules, ...task }: Task, { symbols, advanced, failed }: Crew) {
  const orders: Orders = { ...task, rules: rules.map(({ rule: { placeOf, ...rule } }) => rule) };
  const worker = new Worker(threadFile('pipeline/worker'), { workerData: orders });
  const unpack = createUnpacker(symbols);
  const send = (request: Request): void => worker.postMessage(request);
  let errand: { done(observed: Observed): void; lost(error: Error): void } | undefined;
  let end: Error | undefined;

  worker.on('message', (reply: Reply) => {
    switch (reply.kind) {
      case 'advanced':
        return advanced(reply.bytes, reply.records);
      case 'failed':
        return failed(reply.segment, reply.what);
      case 'done':
        return errand?.done(unpack(reply.parcel));
      case 'lost':
        return errand?.lost(new Error(reply.reason));
    }
  });
  worker.on('error', error => {
    end = error;
    errand?.lost(error);
  });
  worker.on('exit', () => {
    end ??= new Error('it ended before its work was done');
    errand?.lost(end);
  });
  return {
    observe: (next: Errand): Promise<Observed> =>
      new Promise((done, lost) => {
        if (end) return lost(end);
        errand = { done, lost };
        send(next);
      }),
    stop: () => send('stop'),
    close: () => worker.terminate(),
  };
}

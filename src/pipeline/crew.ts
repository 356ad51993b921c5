import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Bundle, lengthOf, restFrom } from '../input/segments.ts';
import { type Source, STDIN } from '../input/sources.ts';
import { threadFile } from '../value/home.ts';
import { sum } from '../value/sum.ts';
import { counted } from '../value/text.ts';
import { type Means, type Observed, observeBundle, type Task } from './observe-segment.ts';
import { createUnpacker } from './parcel.ts';
import type { Orders, Reply, Request } from './worker.ts';

/** Below this much the work is done before a thread has started. */
const WORTH_A_THREAD = 32 << 20;

export interface Crew extends Means {
  /** How many threads may read; undefined: as many as there are cores, where there is enough to read. */
  readonly jobs: number | undefined;
}

/**
 * Observes all bundles, on so many threads as there are jobs, of which this is one, and gives what is left of each in
 * their order, whichever was done first: the result does not depend on the jobs, as long as the baseline has room for all.
 * Where a source turns out to change its form on the way, what was read of its further segments is dropped, and they are
 * read in one.
 */
export async function* observeAll(bundles: readonly Bundle[], task: Task, crew: Crew): AsyncGenerator<Observed> {
  const pool = createPool(bundles, task, crew);
  let previous: { readonly source: Source; readonly closing: string; readonly isLast: boolean } | undefined;
  try {
    for (const bundle of bundles) {
      const [segment] = bundle.segments;
      const { source } = segment;
      const before = previous?.source === source ? previous : undefined;
      if (before?.isLast) continue;
      let observed = await pool.observe(bundle);
      const isTurned = before !== undefined && before.closing !== observed.parts[0].report.opening;
      if (isTurned) observed = await observeBundle({ ...bundle, segments: [restFrom(segment)] }, task, crew);
      const { closing, nature, broken } = observed.parts[0].report;
      previous = { source, closing, isLast: isTurned || nature !== undefined || broken !== undefined };
      yield observed;
    }
  } finally {
    await pool.close();
  }
}

/** Whoever there is to observe the bundles. */
interface Pool {
  observe(bundle: Bundle): Promise<Observed>;
  close(): Promise<unknown>;
}

function createPool(bundles: readonly Bundle[], task: Task, crew: Crew): Pool {
  const observeHere = async (bundle: Bundle): Promise<Observed> => observeBundle(bundle, task, crew);
  const errands = bundles.filter(({ segments: [{ source }] }) => source.name !== STDIN);
  const size = threadsFor(errands, crew);
  if (size < 2) return { observe: observeHere, close: async () => {} };

  const threads = Array.from({ length: size - 1 }, () => createThread(task, crew));
  crew.interrupt.addEventListener('abort', () => {
    for (const thread of threads) thread.stop();
  });
  // This one is there already, and takes the largest at once; what others send is heard between two blocks.
  const here = { observe: observeHere };
  const take = createQueue([...threads, here]);
  let isClosed = false;
  const observeThere = (bundle: Bundle): Promise<Observed> =>
    take(async thread => {
      if (isClosed) throw new Error('nobody waits for it any more');
      // Once interrupted, this ends at once, and says so.
      if (crew.interrupt.aborted) return observeHere(bundle);
      try {
        return await thread.observe(bundle);
      } catch (error) {
        if (thread === here || isClosed) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        crew.failed(bundle.segments[0], `a thread failed at ${inWords(bundle)} (${reason}): read again without`);
        return observeHere(bundle);
      }
    });
  // The largest first, so that nobody is left alone with it at the end.
  const queue = [...errands].sort((one, other) => bytesIn(other) - bytesIn(one));
  const done = new Map(queue.map(bundle => [bundle, observeThere(bundle)]));
  // What fails is heard of where it is waited for, and not before.
  for (const promise of done.values()) promise.catch(() => {});
  return {
    async observe(bundle) {
      const observed = await (done.get(bundle) ?? observeHere(bundle));
      done.delete(bundle);
      return observed;
    },
    close() {
      isClosed = true;
      return Promise.all(threads.map(thread => thread.close()));
    },
  };
}

function threadsFor(errands: readonly Bundle[], { jobs }: Crew): number {
  const length = sum(errands.map(bytesIn));
  return Math.min(jobs ?? (length < WORTH_A_THREAD ? 1 : availableParallelism()), errands.length);
}

const bytesIn = ({ segments }: Bundle): number => sum(segments.map(lengthOf));

const inWords = ({ segments }: Bundle): string =>
  segments.length === 1 ? 'it' : `it or one of the ${counted(segments.length - 1, 'file')} after it`;

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
    observe: (next: Bundle): Promise<Observed> =>
      new Promise((done, lost) => {
        if (end) return lost(end);
        errand = { done, lost };
        send(next);
      }),
    stop: () => send('stop'),
    close: () => worker.terminate(),
  };
}

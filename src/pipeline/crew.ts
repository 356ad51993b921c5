import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type Source, STDIN } from '../input/sources.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { type Observed, observeSource, type Task } from './observe-source.ts';
import { createUnpacker, type Parcel } from './parcel.ts';
import type { Errand, Orders } from './worker.ts';

/** Below this much the work is done before a thread has started. */
const WORTH_A_THREAD = 32 << 20;

export interface Crew {
  /** How many threads may read; undefined: as many as there are cores, where there is enough to read. */
  readonly jobs: number | undefined;
  readonly symbols: Symbols;
  readonly stdin: Readable;
  /** A thread failed at a source, which is read again without it. */
  failed(source: string, error: unknown): void;
}

/**
 * Observes all sources, with so many threads as there are jobs, and gives what is left of each in the order of the
 * sources, whichever was done first: the result does not depend on the jobs.
 */
export async function* observeAll(sources: readonly Source[], task: Task, crew: Crew): AsyncGenerator<Observed> {
  const threads = threadsFor(sources, crew);
  if (threads < 2) {
    for (const [index, source] of sources.entries()) yield await observeSource(source, index, task, crew);
    return;
  }
  // The largest first, so that nobody is left alone with it at the end.
  const queue = [...sources.entries()]
    .filter(([, { name }]) => name !== STDIN)
    .sort(([, one], [, other]) => (other.size ?? 0) - (one.size ?? 0));
  const pool = createPool(threads, task, crew);
  const done = new Map(queue.map(([index, source]) => [index, pool.observe({ source, index })]));
  try {
    for (const [index, source] of sources.entries()) {
      yield await (done.get(index) ?? observeSource(source, index, task, crew));
      done.delete(index);
    }
  } finally {
    await pool.close();
  }
}

function threadsFor(sources: readonly Source[], { jobs }: Crew): number {
  const files = sources.filter(({ name }) => name !== STDIN);
  const size = files.reduce((sum, source) => sum + (source.size ?? 0), 0);
  return Math.min(jobs ?? (size < WORTH_A_THREAD ? 1 : availableParallelism()), files.length);
}

/** Threads, and whoever waits for one. */
function createPool(size: number, task: Task, crew: Crew) {
  const free = Array.from({ length: size }, () => createThread(task, crew.symbols));
  const threads = [...free];
  const waiting: ((thread: Thread) => void)[] = [];
  const take = async (): Promise<Thread> => free.pop() ?? new Promise(resolve => waiting.push(resolve));
  const give = (thread: Thread): void => {
    const next = waiting.shift();
    if (next) next(thread);
    else free.push(thread);
  };
  return {
    /** Where a thread fails, its work is done here: slower, but done. */
    async observe(errand: Errand): Promise<Observed> {
      const thread = await take();
      try {
        return await thread.observe(errand);
      } catch (error) {
        crew.failed(errand.source.name, error);
        return await observeSource(errand.source, errand.index, task, crew);
      } finally {
        give(thread);
      }
    },
    close: () => Promise.all(threads.map(thread => thread.close())),
  };
}

type Thread = ReturnType<typeof createThread>;

/** The file beside this one that threads run, compiled or not as this one is. */
const workerFile = path.join(import.meta.dirname, `worker${path.extname(import.meta.filename)}`);

function createThread({ rules, ...task }: Task, symbols: Symbols) {
  const orders: Orders = { ...task, rules: rules.map(({ rule: { placeOf, ...rule } }) => rule) };
  const worker = new Worker(workerFile, { workerData: orders });
  const unpack = createUnpacker(symbols);
  let isAlive = true;
  // Whoever waits for it hears of an error too.
  worker.on('error', () => {});
  worker.once('exit', () => {
    isAlive = false;
  });
  return {
    async observe(errand: Errand): Promise<Observed> {
      if (!isAlive) throw new Error('the thread has ended');
      worker.postMessage(errand);
      const [parcel]: [Parcel] = await messageFrom(worker);
      return unpack(parcel);
    },
    close: () => worker.terminate(),
  };
}

/** The next message of a thread, or the error or exit that comes instead. */
const messageFrom = (worker: Worker): Promise<[Parcel]> => {
  const ended = new AbortController();
  return Promise.race([
    once(worker, 'message', { signal: ended.signal }) as Promise<[Parcel]>,
    once(worker, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('a thread ended before its work was done');
    }),
  ]).finally(() => ended.abort());
};

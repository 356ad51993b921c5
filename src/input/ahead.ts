import { Worker } from 'node:worker_threads';
import { threadFile } from '../value/home.ts';
import type { ByteStream, Meter } from './byte-stream.ts';
import type { Source } from './sources.ts';

/**
 * A packed file that is read by nobody but one thread, while others have nothing to do: another one unpacks it, through a
 * ring of memory that both see. Each slot holds what one reading gave; the unpacking thread waits while all are full.
 */

/** How many slots there are, and how many bytes each has. */
export const SLOTS = 8;
export const SLOT = 1 << 19;

/** Places in the words that both threads see: how many slots have been filled and emptied, whether more will come, then the length of each. */
export const FILLED = 0;
export const EMPTIED = 1;
const ENDED = 2;
export const LENGTHS = 3;

/** What the unpacking thread is given. */
export interface Ring {
  readonly source: Source;
  readonly words: SharedArrayBuffer;
  readonly slots: SharedArrayBuffer;
  /** How many bytes it has read, as they are stored. */
  readonly packedBytes: SharedArrayBuffer;
}

/** Why it ended before the end; the same words as on the thread itself. */
export interface Failure {
  readonly reason: string;
}

interface Otherwise {
  /** Makes an error of the reason why the data ended early. */
  fail(reason: string): Error;
  /** The same bytes without another thread, where that cannot start. */
  without(): ByteStream;
}

/** The bytes of a packed file, unpacked by another thread. */
export function unpackedAhead(source: Source, meter: Meter, { fail, without }: Otherwise): ByteStream {
  const ring: Ring = {
    source,
    words: new SharedArrayBuffer(4 * (LENGTHS + SLOTS)),
    slots: new SharedArrayBuffer(SLOTS * SLOT),
    packedBytes: new SharedArrayBuffer(8),
  };
  const words = new Int32Array(ring.words);
  const packedBytes = new Float64Array(ring.packedBytes);
  const thread = new Worker(threadFile('input/unpacker'), { workerData: ring });
  let failure: Error | undefined;
  let substitute: ByteStream | undefined;
  const ended = new Promise<void>(done => {
    thread.on('message', ({ reason }: Failure) => {
      failure = fail(reason);
    });
    thread.on('error', error => {
      if (Atomics.load(words, FILLED) === 0) substitute = without();
      failure = fail(`the thread that unpacked it failed (${error.message})`);
    });
    thread.on('exit', () => {
      Atomics.store(words, ENDED, 1);
      Atomics.notify(words, FILLED);
      done();
    });
  });

  let metered = 0;
  /** How much of the slot that is being emptied has been taken. */
  let taken = 0;
  let emptied = 0;

  const isFilled = async (): Promise<boolean> => {
    for (;;) {
      const filled = Atomics.load(words, FILLED);
      if (filled > emptied) return true;
      if (Atomics.load(words, ENDED) === 1) return Atomics.load(words, FILLED) > emptied;
      await (Atomics as WithWaitAsync).waitAsync(words, FILLED, filled, PATIENCE).value;
    }
  };
  return {
    async read(into) {
      // Signals and messages have their turn, however fast the other thread is.
      await new Promise(setImmediate);
      if (!(await isFilled())) {
        await ended;
        if (substitute) return substitute.read(into);
        if (failure) throw failure;
        return 0;
      }
      const slot = emptied % SLOTS;
      const length = words[LENGTHS + slot] ?? 0;
      const at = slot * SLOT;
      const count = Buffer.from(ring.slots, at + taken, length - taken).copy(into);
      taken += count;
      if (taken === length) {
        taken = 0;
        emptied++;
        Atomics.store(words, EMPTIED, emptied);
        Atomics.notify(words, EMPTIED);
      }
      const [packed = 0] = packedBytes;
      meter(packed - metered);
      metered = packed;
      return count;
    },
    async close() {
      await thread.terminate();
      await substitute?.close();
    },
  };
}

/** ES2024, and in every Node that we support. */
type WithWaitAsync = typeof Atomics & {
  waitAsync(words: Int32Array, at: number, expected: number, patience: number): { readonly value: unknown };
};

/** In milliseconds: a thread that is gone notifies nobody. */
const PATIENCE = 100;

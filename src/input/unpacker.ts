import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { EMPTIED, type Failure, FILLED, LENGTHS, type Ring, SLOT, SLOTS } from './ahead.ts';
import { bytesOf } from './bytes.ts';

/** A thread that unpacks one file into the ring of `ahead.ts`, and ends. */

const ring: Ring = workerData;
const words = new Int32Array(ring.words);
const packedBytes = new Float64Array(ring.packedBytes);
const inlet = { stdin: Readable.from([]), interrupt: new AbortController().signal };
const bytes = bytesOf(ring.source, inlet, count => {
  packedBytes[0] = (packedBytes[0] ?? 0) + count;
});

try {
  for (let filled = 0; ; ) {
    const emptied = Atomics.load(words, EMPTIED);
    if (filled - emptied === SLOTS) {
      Atomics.wait(words, EMPTIED, emptied);
      continue;
    }
    const slot = filled % SLOTS;
    const count = await bytes.read(Buffer.from(ring.slots, slot * SLOT, SLOT));
    if (count === 0) break;
    words[LENGTHS + slot] = count;
    filled++;
    Atomics.store(words, FILLED, filled);
    Atomics.notify(words, FILLED);
  }
} catch (error) {
  parentPort?.postMessage({ reason: error instanceof Error ? error.message : String(error) } satisfies Failure);
}
await bytes.close();

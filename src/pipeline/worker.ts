import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import type { Bundle, Segment } from '../input/segments.ts';
import { createSymbols } from '../kernel/symbols.ts';
import type { Rule } from '../rule/rule.ts';
import { activate } from './active-rule.ts';
import { type Means, observeBundle, type Task } from './observe-segment.ts';
import { createPacker, type Parcel } from './parcel.ts';
import { Memory } from './recognition.ts';

/** A thread that reads one bundle after the other, as `crew.ts` hands them out. */

/** A task as it can be sent: rules without the functions that they were read with. */
export interface Orders extends Omit<Task, 'rules'> {
  readonly rules: readonly Omit<Rule, 'placeOf'>[];
}

/** What a thread is sent, a bundle at a time; and at any time the word to stop. */
export type Request = Bundle | 'stop';

/** What it sends back: word of how it goes, and in the end what is left of the bundle, or why nothing is. */
export type Reply =
  | { readonly kind: 'advanced'; readonly bytes: number; readonly records: number }
  | { readonly kind: 'failed'; readonly segment: Segment; readonly what: string }
  | { readonly kind: 'done'; readonly parcel: Parcel }
  | { readonly kind: 'lost'; readonly reason: string };

const orders: Orders = workerData;
const task = { ...orders, rules: orders.rules.map(rule => activate({ ...rule, placeOf: () => rule.id })) };
const symbols = createSymbols();
const pack = createPacker(symbols);
const stopping = new AbortController();

const reply = (message: Reply, transferred: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, [...transferred]);

const means: Means = {
  symbols,
  memory: new Memory(),
  stdin: Readable.from([]),
  interrupt: stopping.signal,
  advanced: (bytes, records) => reply({ kind: 'advanced', bytes, records }),
  failed: (segment, what) => reply({ kind: 'failed', segment, what }),
};

parentPort?.on('message', async (request: Request) => {
  if (request === 'stop') return stopping.abort();
  try {
    const parcel = pack(await observeBundle(request, task, means));
    reply({ kind: 'done', parcel }, [parcel.rows.buffer, parcel.rows.places]);
  } catch (error) {
    reply({ kind: 'lost', reason: error instanceof Error ? error.message : String(error) });
  }
});

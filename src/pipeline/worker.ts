import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { buffersOf } from '../baseline/rows.ts';
import type { Segment } from '../input/segments.ts';
import { createSymbols } from '../kernel/symbols.ts';
import type { Rule } from '../rule/rule.ts';
import { activate } from './active-rule.ts';
import { observeSegment, type Task } from './observe-segment.ts';
import { createPacker } from './parcel.ts';

/** A thread that reads one segment after the other, as `crew.ts` hands them out. */

/** A task as it can be sent: rules without the functions that they were read with. */
export interface Orders extends Omit<Task, 'rules'> {
  readonly rules: readonly Omit<Rule, 'placeOf'>[];
}

/** A segment to be read, with its place in the list of segments. */
export interface Errand {
  readonly segment: Segment;
  readonly place: number;
}

const orders: Orders = workerData;
const task = { ...orders, rules: orders.rules.map(rule => activate({ ...rule, placeOf: () => rule.id })) };
const symbols = createSymbols();
const pack = createPacker(symbols);
const nothing = Readable.from([]);

parentPort?.on('message', async ({ segment, place }: Errand) => {
  const parcel = pack(await observeSegment(segment, place, task, { symbols, stdin: nothing }));
  parentPort?.postMessage(parcel, [...buffersOf(parcel.rows)]);
});

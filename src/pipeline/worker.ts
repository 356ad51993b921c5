import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { buffersOf } from '../baseline/rows.ts';
import type { Source } from '../input/sources.ts';
import { createSymbols } from '../kernel/symbols.ts';
import type { Rule } from '../rule/rule.ts';
import { activate } from './active-rule.ts';
import { observeSource, type Task } from './observe-source.ts';
import { createPacker } from './parcel.ts';

/** A thread that reads one source after the other, as `crew.ts` hands them out. */

/** A task as it can be sent: rules without the functions that they were read with. */
export interface Orders extends Omit<Task, 'rules'> {
  readonly rules: readonly Omit<Rule, 'placeOf'>[];
}

/** A source to be read, with its place in the list of sources. */
export interface Errand {
  readonly source: Source;
  readonly index: number;
}

const orders: Orders = workerData;
const task = { ...orders, rules: orders.rules.map(rule => activate({ ...rule, placeOf: () => rule.id })) };
const symbols = createSymbols();
const pack = createPacker(symbols);
const nothing = Readable.from([]);

parentPort?.on('message', async ({ source, index }: Errand) => {
  const parcel = pack(await observeSource(source, index, task, { symbols, stdin: nothing }));
  parentPort?.postMessage(parcel, [...buffersOf(parcel.rows)]);
});

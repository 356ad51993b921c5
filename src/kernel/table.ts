import type { Plan, PlanColumn } from './plan.ts';
import { ABSENT, type Symbols } from './symbols.ts';

/** How an absent value looks: `undefined`, symbol 0, NaN, boolean 0 (1 is false, 2 is true). */
export type Column =
  | { readonly type: 'text'; readonly values: (string | undefined)[] }
  | { readonly type: 'symbol'; readonly values: Uint32Array }
  | { readonly type: 'number' | 'time' | 'address'; readonly values: Float64Array }
  | { readonly type: 'boolean'; readonly values: Uint8Array };

/** A batch of decoded lines as columns, in the order of the plan. The next batch overwrites it. */
export interface Table {
  readonly plan: Plan;
  readonly symbols: Symbols;
  readonly columns: readonly Column[];
  readonly capacity: number;
  /** How many lines after the first one of the block each row stands. */
  readonly lines: Uint32Array;
  /** Where in the block each row's line begins. */
  readonly starts: Uint32Array;
  rows: number;
}

export function createTable(plan: Plan, symbols: Symbols, capacity = 4096): Table {
  return {
    plan,
    symbols,
    columns: plan.map(column => createColumn(column, capacity)),
    capacity,
    lines: new Uint32Array(capacity),
    starts: new Uint32Array(capacity),
    rows: 0,
  };
}

function createColumn({ type }: PlanColumn, capacity: number): Column {
  switch (type) {
    case 'text':
      return { type, values: new Array<string | undefined>(capacity) };
    case 'symbol':
      return { type, values: new Uint32Array(capacity) };
    case 'number':
    case 'time':
    case 'address':
      return { type, values: new Float64Array(capacity) };
    case 'boolean':
      return { type, values: new Uint8Array(capacity) };
  }
}

export function isAbsent(column: Column, row: number): boolean {
  switch (column.type) {
    case 'text':
      return column.values[row] === undefined;
    case 'symbol':
      return column.values[row] === ABSENT;
    case 'number':
    case 'time':
    case 'address':
      return Number.isNaN(column.values[row]);
    case 'boolean':
      return column.values[row] === 0;
  }
}

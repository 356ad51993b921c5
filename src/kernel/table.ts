import { keyOf, type Plan, type PlanColumn, placeIn } from './plan.ts';
import type { ImprintPart, Sieve, Telling } from './sieve.ts';
import { ABSENT, type Symbols } from './symbols.ts';

/** How an absent value looks: `undefined`, symbol 0, NaN, boolean 0 (1 is false, 2 is true). */
export type Column =
  | TextColumn<'text'>
  | NameColumn
  | { readonly type: 'symbol'; readonly values: Uint32Array }
  | { readonly type: 'number' | 'time' | 'address'; readonly values: Float64Array }
  | { readonly type: 'boolean'; readonly values: Uint8Array };

/** A text is made when it is asked for; a name once, for as long as it is remembered. */
export interface TextColumn<Type extends 'text' | 'name'> {
  readonly type: Type;
  at(row: number): string | undefined;
  isAbsent(row: number): boolean;
  put(row: number, text: string | undefined): void;
}

/** Names have numbers, where whoever decodes them gives them any: the same for the same name, as long as an era lasts. */
export interface NameColumn extends TextColumn<'name'> {
  readonly ids: Uint32Array | undefined;
  readonly era: number;
}

/** In the place of a name's number where it has none. */
export const NO_ID = 0xffffffff;

/** A batch of decoded lines as columns, in the order of the plan. The next batch overwrites it. */
export interface Table {
  readonly plan: Plan;
  readonly symbols: Symbols;
  readonly columns: readonly Column[];
  readonly capacity: number;
  /** How many of them a batch may fill: fewer, where the next lines are hardly all of this form. */
  most: number;
  /** How many lines after the first one of the block each row stands. */
  readonly lines: Uint32Array;
  /** Where in the block each row's line begins. */
  readonly starts: Uint32Array;
  rows: number;
  /** Undefined where rows cannot be compared fast, or have too much to compare. */
  sieve?(parts: readonly ImprintPart[], telling: Telling): Sieve | undefined;
}

export function createTable(plan: Plan, symbols: Symbols, capacity = 1024): Table {
  return {
    plan,
    symbols,
    columns: plan.map(column => createColumn(column, capacity)),
    capacity,
    most: capacity,
    lines: new Uint32Array(capacity),
    starts: new Uint32Array(capacity),
    rows: 0,
  };
}

function createColumn({ type }: PlanColumn, capacity: number): Column {
  switch (type) {
    case 'text':
      return createTexts('text', capacity);
    case 'name':
      return { ...createTexts('name', capacity), ids: undefined, era: 0 };
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

function createTexts<Type extends 'text' | 'name'>(type: Type, capacity: number): TextColumn<Type> {
  const texts = new Array<string | undefined>(capacity);
  return {
    type,
    at: row => texts[row],
    isAbsent: row => texts[row] === undefined,
    put(row, text) {
      texts[row] = text;
    },
  };
}

/** The planned column in a table whose plan holds it. */
export function columnIn(table: Table, planned: PlanColumn): Column {
  const found = table.columns[placeIn(table.plan, planned)];
  if (!found) throw new TypeError(`the plan has no column ${keyOf(planned)}`);
  return found;
}

export function isAbsent(column: Column, row: number): boolean {
  switch (column.type) {
    case 'text':
    case 'name':
      return column.isAbsent(row);
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

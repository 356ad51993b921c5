/**
 * What the kernel is asked for. `text` is for values that rarely repeat (identifiers, URIs), `name` for those that do
 * and are many (of hosts, of domains), `symbol` for those of which there are few (states, protocols), `time` gives microseconds, `address` numbers as in `value/address.ts`.
 */
export type ColumnType = 'text' | 'name' | 'symbol' | 'number' | 'time' | 'address' | 'boolean';

export interface PlanColumn {
  /**
   * Where the value stands: a chain of keys in JSON, joined by dots the name of a TSV column. Several chains are
   * spellings of one field (`id.orig_h`, `id: { orig_h }`, `id_orig_h`); the first that is there counts.
   */
  readonly paths: readonly (readonly string[])[];
  readonly type: ColumnType;
}

export type Plan = readonly PlanColumn[];

/** The same for columns that ask for the same. */
export function keyOf(column: PlanColumn): string {
  const key = keys.get(column) ?? JSON.stringify([column.type, column.paths]);
  keys.set(column, key);
  return key;
}

/** Where in a plan a column stands; -1 where it does not. */
export function placeIn(plan: Plan, column: PlanColumn): number {
  const known = places.get(plan) ?? new Map(plan.map((planned, place) => [keyOf(planned), place]));
  places.set(plan, known);
  return known.get(keyOf(column)) ?? -1;
}

/** Each is asked for again with every file that is opened. */
const keys = new WeakMap<PlanColumn, string>();
const places = new WeakMap<Plan, ReadonlyMap<string, number>>();

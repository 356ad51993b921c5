import { readNumber } from '../../value/number.ts';
import { readTime, timeOfSeconds } from '../../value/time.ts';
import { ABSENT, type Symbols } from '../symbols.ts';
import type { Column } from '../table.ts';
import type { DecodeLine } from './walk.ts';

/** JSON, one object a line: columns by key path, in any order, at any depth. */
export const jsonLine: DecodeLine = (text, row, table) => {
  if (!/^\s*\{/.test(text)) return 'stranger';
  const record = parseObject(text);
  if (record === undefined) return { reason: 'not a JSON object' };
  table.columns.forEach((column, index) => {
    put(column, row, valueAt(record, table.plan[index]?.paths ?? []), table.symbols);
  });
  return 'row';
};

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function valueAt(record: object, paths: readonly (readonly string[])[]): unknown {
  for (const path of paths) {
    let value: unknown = record;
    for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** Sensors and shippers write numbers and booleans as such or as strings. */
function put(column: Column, row: number, value: unknown, symbols: Symbols): void {
  switch (column.type) {
    case 'text':
    case 'name':
      column.put(row, textOf(value));
      return;
    case 'symbol': {
      const text = textOf(value);
      column.values[row] = text === undefined ? ABSENT : symbols.of(text);
      return;
    }
    case 'number':
      column.values[row] = numberOf(value);
      return;
    case 'time':
      column.values[row] = timeOf(value);
      return;
    case 'address':
      column.values[row] = typeof value === 'string' ? (symbols.address(value) ?? Number.NaN) : Number.NaN;
      return;
    case 'boolean':
      column.values[row] = booleanOf(value);
      return;
  }
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? readNumber(value) : Number.NaN;
}

function timeOf(value: unknown): number {
  if (typeof value === 'number') return timeOfSeconds(value) ?? Number.NaN;
  return typeof value === 'string' ? (readTime(value) ?? Number.NaN) : Number.NaN;
}

function booleanOf(value: unknown): number {
  if (value === true || value === 'true' || value === 'True' || value === 'T') return 2;
  return value === false || value === 'false' || value === 'False' || value === 'F' ? 1 : 0;
}

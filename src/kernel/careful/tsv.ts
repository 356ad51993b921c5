import { readNumber } from '../../value/number.ts';
import { readTime } from '../../value/time.ts';
import type { Plan } from '../plan.ts';
import { ABSENT, type Symbols } from '../symbols.ts';
import type { Column, Table } from '../table.ts';
import type { DecodeLine, Verdict } from './walk.ts';

/** How a header (Zeek's `#separator` and its like) says that values are written. */
export interface TsvLayout {
  readonly separator: string;
  readonly unset: string;
  readonly empty: string;
  /** The names of the columns, from the left. */
  readonly names: readonly string[];
}

/** Where in a line the layout puts each column of the plan; -1 where it names none. */
export const positionsIn = ({ names }: TsvLayout, plan: Plan): readonly number[] =>
  plan.map(({ paths }) => {
    const spellings = paths.map(path => path.join('.'));
    return names.findIndex(name => spellings.includes(name));
  });

/** Separated values: columns by the position that the layout gives their names. */
export function tsvLines(layout: TsvLayout, plan: Plan): DecodeLine {
  const positions = positionsIn(layout, plan);
  return (text, row, table) => decodeLine(text, row, table, layout, positions);
}

function decodeLine(text: string, row: number, table: Table, layout: TsvLayout, positions: readonly number[]): Verdict {
  if (text.startsWith('#')) return 'directive';
  if (text.startsWith('{')) return 'stranger';
  if (layout.names.length === 0) return { reason: 'no #fields line stands before it' };
  const values = text.split(layout.separator);
  if (values.length !== layout.names.length) {
    return { reason: `${values.length} columns where #fields names ${layout.names.length}` };
  }
  table.columns.forEach((column, index) => {
    const value = values[positions[index] ?? -1];
    put(column, row, value === layout.unset ? undefined : value, layout, table.symbols);
  });
  return 'row';
}

function put(column: Column, row: number, value: string | undefined, layout: TsvLayout, symbols: Symbols): void {
  switch (column.type) {
    case 'text':
    case 'name':
      // A slice would keep its whole line alive, wherever the text is kept; a copy does not.
      column.put(row, value === undefined ? undefined : Buffer.from(plainText(value, layout)).toString());
      return;
    case 'symbol':
      column.values[row] = value === undefined ? ABSENT : symbols.of(plainText(value, layout));
      return;
    case 'number':
      column.values[row] = readNumber(value);
      return;
    case 'time':
      column.values[row] = (value === undefined ? undefined : readTime(value)) ?? Number.NaN;
      return;
    case 'address':
      column.values[row] = (value === undefined ? undefined : symbols.address(value)) ?? Number.NaN;
      return;
    case 'boolean':
      column.values[row] = value === 'T' ? 2 : value === 'F' ? 1 : 0;
      return;
  }
}

const ESCAPES = /\\(?:x([0-9a-fA-F]{2})|\\)/g;

/** `(empty)` is the empty text; `\x09` and its like are the bytes that Zeek could not write as they are. */
export function plainText(value: string, { empty }: Pick<TsvLayout, 'empty'>): string {
  if (value === empty) return '';
  return value.includes('\\') ? unescaped(value) : value;
}

function unescaped(value: string): string {
  const bytes: Buffer[] = [];
  let from = 0;
  for (const match of value.matchAll(ESCAPES)) {
    const [sequence, hex] = match;
    bytes.push(
      Buffer.from(value.slice(from, match.index)),
      Buffer.from([hex === undefined ? 92 : Number.parseInt(hex, 16)]),
    );
    from = match.index + sequence.length;
  }
  bytes.push(Buffer.from(value.slice(from)));
  return Buffer.concat(bytes).toString('utf8');
}

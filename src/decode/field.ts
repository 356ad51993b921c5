import type { ColumnType, PlanColumn } from '../kernel/plan.ts';
import { ABSENT, type Symbols } from '../kernel/symbols.ts';
import type { Column } from '../kernel/table.ts';
import type { Address } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import { cursorClass } from './cursor.ts';

/** How one thing that an event tells is read from a sensor's columns. */
export interface Field<Value> {
  readonly columns: readonly PlanColumn[];
  bind(columns: readonly Column[], symbols: Symbols): (row: number) => Value;
  /** Columns without which a row is no event: then it is refused, and nobody reads it. */
  readonly required?: readonly PlanColumn[];
  /** Columns of which one must be there for the field to be told at all; the others only help to read it. */
  readonly tellers: readonly PlanColumn[];
  readonly logged: Logged;
}

/** `always`: there in every log of its kind that has it to say. `never`: whatever the settings. Else by a setting of the sensor. */
type Logged = 'always' | 'never' | { readonly enable: string };

/**
 * A field as the sensor's user knows it: dots for depth, `|` between the spellings of versions and shippers; as paths
 * where a key itself holds dots.
 */
type Spelling = string | PlanColumn['paths'];

interface Settings {
  /** The setting that makes the sensor log the field; without it the sensor always does. */
  readonly enable?: string;
}

interface Meant<Meaning> extends Settings {
  readonly meaning: (text: string | undefined) => Meaning;
}

/** A text that rarely repeats. */
export const text = (spelling: Spelling, settings: Settings = {}): Field<string | undefined> => ({
  ...described(spelling, 'text', settings),
  bind(columns) {
    const texts = bound(columns, 'text');
    return row => texts.at(row);
  },
});

/** A text that repeats: as it is, or as what it means, worked out once for each distinct text. */
export function symbol(spelling: Spelling, settings?: Settings): Field<string | undefined>;
export function symbol<Meaning>(spelling: Spelling, settings: Meant<Meaning>): Field<Meaning>;
export function symbol(spelling: Spelling, settings: Settings & Partial<Meant<unknown>> = {}): Field<unknown> {
  const { meaning } = settings;
  return {
    ...described(spelling, 'symbol', settings),
    bind(columns, symbols) {
      const { values } = bound(columns, 'symbol');
      const textAt = (row: number): string | undefined => {
        const id = values[row] ?? ABSENT;
        return id === ABSENT ? undefined : symbols.text(id);
      };
      if (!meaning) return textAt;
      const meanings = new Map<number, unknown>();
      return row => {
        const id = values[row] ?? ABSENT;
        const known = meanings.get(id);
        if (known !== undefined || meanings.has(id)) return known;
        const found = meaning(textAt(row));
        meanings.set(id, found);
        return found;
      };
    },
  };
}

export const number = (spelling: Spelling, settings: Settings = {}): Field<number | undefined> =>
  numeric(spelling, 'number', settings);

export const moment = (spelling: Spelling, settings: Settings = {}): Field<Micros | undefined> =>
  numeric(spelling, 'time', settings);

export const address = (spelling: Spelling): Field<Address | undefined> => numeric(spelling, 'address', {});

/** A number that is 0 where it was not written. */
export const count = (spelling: Spelling): Field<number> =>
  from({ written: number(spelling) }, ({ written }) => written ?? 0);

/** The time of an event. */
export const time = (spelling: Spelling): Field<Micros> => required(spelling, 'time');

/** The address of an end of a conversation. */
export const endpoint = (spelling: Spelling): Field<Address> => required(spelling, 'address');

/** A machine that the record knows by its name. */
export const host = (spelling: Spelling): Field<Address> => ({
  ...demanded(spelling, 'symbol'),
  bind(columns, symbols) {
    const { values } = bound(columns, 'symbol');
    return row => symbols.hostOf(values[row] ?? ABSENT);
  },
});

export const boolean = (spelling: Spelling, settings: Settings = {}): Field<boolean | undefined> => ({
  ...described(spelling, 'boolean', settings),
  bind(columns) {
    const { values } = bound(columns, 'boolean');
    return row => (values[row] === 0 ? undefined : values[row] === 2);
  },
});

type Parts<Fields> = { readonly [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value : never };

/** What follows from several fields of the row; `tellers` names those that tell it, where others only help. */
export function from<const Fields extends Readonly<Record<string, Field<unknown>>>, Value>(
  fields: Fields,
  conclude: (parts: Parts<Fields>) => Value,
  settings: Settings & { readonly tellers?: readonly (keyof Fields & string)[] } = {},
): Field<Value> {
  const sources = Object.entries(fields);
  const PartsOfRow = cursorClass(sources.map(([name]) => name));
  return {
    columns: sources.flatMap(([, field]) => field.columns),
    tellers: (settings.tellers ?? Object.keys(fields)).flatMap(name => fields[name]?.tellers ?? []),
    logged: loggedBy(settings),
    required: sources.flatMap(([, field]) => field.required ?? []),
    bind(columns, symbols) {
      let at = 0;
      const readers = sources.map(([, field]) => {
        const read = field.bind(columns.slice(at, at + field.columns.length), symbols);
        at += field.columns.length;
        return read;
      });
      const parts = new PartsOfRow(readers);
      return row => {
        parts.row = row;
        return conclude(parts as unknown as Parts<Fields>);
      };
    },
  };
}

/** What a sensor never writes down. */
export const unlogged: Field<undefined> = { columns: [], tellers: [], logged: 'never', bind: () => () => undefined };

/** What follows from the kind of log alone. */
export const constant = <const Value>(value: Value): Field<Value> => ({
  columns: [],
  tellers: [],
  logged: 'always',
  bind: () => () => value,
});

const loggedBy = ({ enable }: Settings): Logged => (enable === undefined ? 'always' : { enable });

function described(spelling: Spelling, type: ColumnType, settings: Settings) {
  const paths = typeof spelling === 'string' ? spelling.split('|').map(path => path.split('.')) : spelling;
  const columns = [{ paths, type }];
  return { columns, tellers: columns, logged: loggedBy(settings) };
}

function demanded(spelling: Spelling, type: ColumnType) {
  const field = described(spelling, type, {});
  return { ...field, required: field.columns };
}

type ColumnOf<Type extends ColumnType> = Extract<Column, { readonly type: Type }>;

function bound<const Type extends ColumnType>([column]: readonly Column[], type: Type): ColumnOf<Type> {
  if (column?.type !== type)
    throw new TypeError(`the kernel gave a ${column?.type} column where the plan says ${type}`);
  return column as ColumnOf<Type>;
}

type NumericType = 'number' | 'time' | 'address';

const numeric = (spelling: Spelling, type: NumericType, settings: Settings): Field<number | undefined> => ({
  ...described(spelling, type, settings),
  bind(columns) {
    const { values } = bound(columns, type);
    return row => {
      const value = values[row];
      return value === undefined || Number.isNaN(value) ? undefined : value;
    };
  },
});

const required = (spelling: Spelling, type: NumericType): Field<number> => ({
  ...demanded(spelling, type),
  bind(columns) {
    const { values } = bound(columns, type);
    return row => values[row] ?? Number.NaN;
  },
});

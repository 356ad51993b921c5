import type { ColumnType, PlanColumn } from '../kernel/plan.ts';
import { ABSENT, type SymbolId, type Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { readNumber } from '../value/number.ts';
import type { Micros } from '../value/time.ts';
import type { LikenessPart } from './likeness.ts';
import type { RowCode, Scope } from './row-class.ts';

/** How one thing that an event tells is read from a sensor's columns. */
export interface Field<Value> {
  readonly columns: readonly PlanColumn[];
  /** How it is read from a row. */
  readonly code: RowCode;
  /** Columns without which a row is no event: then it is refused, and nobody reads it. */
  readonly required?: readonly PlanColumn[];
  /** Columns of which one must be there for the field to be told at all; the others only help to read it. */
  readonly tellers: readonly PlanColumn[];
  readonly logged: Logged;
  /**
   * What tells records apart by it; undefined for what is each record's own: times, sizes, identifiers. Where that is all
   * that records differ in, nobody who looked at one need look at the others.
   */
  readonly likeness: readonly LikenessPart[] | undefined;
  /** Only for the type checker: the value that the code gives. */
  readonly value?: Value;
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
export const text = (spelling: Spelling, settings: Settings = {}): Field<string | undefined> =>
  written(spelling, 'text', settings, column => `${column}.at(row)`);

/** A text that repeats, as one of many: of a host, of a domain. */
export const name = (spelling: Spelling, settings: Settings = {}): Field<string | undefined> =>
  written(spelling, 'name', settings, column => `${column}.at(row)`);

/** Whether there is such a text, which is not read. */
export const hasText = (spelling: Spelling): Field<boolean> =>
  written(spelling, 'text', {}, column => `!${column}.isAbsent(row)`);

/** A text that repeats: as it is, or as what it means, worked out once for each distinct text. */
export function symbol(spelling: Spelling, settings?: Settings): Field<string | undefined>;
export function symbol<Meaning>(spelling: Spelling, settings: Meant<Meaning>): Field<Meaning>;
export function symbol(spelling: Spelling, settings: Settings & Partial<Meant<unknown>> = {}): Field<unknown> {
  const { meaning } = settings;
  if (!meaning)
    return written(
      spelling,
      'symbol',
      settings,
      (column, { constant, own }) => `${constant(textOf)}(${column}.values[row], ${own(theSymbols)})`,
    );
  const dictionary = (symbols: Symbols): Dictionary => createDictionary(symbols, meaning);
  return written(
    spelling,
    'symbol',
    settings,
    (column, { own }) => `${own(dictionary)}.meaningOf(${column}.values[row])`,
  );
}

const textOf = (id: SymbolId, symbols: Symbols): string | undefined => (id === ABSENT ? undefined : symbols.text(id));

const theSymbols = (symbols: Symbols): Symbols => symbols;

export const number = (spelling: Spelling, settings: Settings = {}): Field<number | undefined> =>
  numeric(spelling, 'number', settings);

/** A number that hardly anybody asks for: it is read when somebody does, and not for every record. */
export const rareNumber = (spelling: Spelling): Field<number | undefined> =>
  written(spelling, 'text', {}, (column, { constant }) => `${constant(numberOf)}(${column}.at(row))`);

/** The same, as 0 where it was not written. */
export const rareCount = (spelling: Spelling): Field<number> =>
  written(spelling, 'text', {}, (column, { constant }) => `(${constant(numberOf)}(${column}.at(row)) || 0)`);

const numberOf = (text: string | undefined): number | undefined => presentOf(readNumber(text));

export const moment = (spelling: Spelling, settings: Settings = {}): Field<Micros | undefined> =>
  numeric(spelling, 'time', settings);

export const address = (spelling: Spelling): Field<Address | undefined> => numeric(spelling, 'address', {});

/** A number that says which and not how many: a port, a type. */
export const code = (spelling: Spelling, settings: Settings = {}): Field<number | undefined> => {
  const field = number(spelling, settings);
  return { ...field, likeness: field.columns.map(column => ({ column })) };
};

/** Whether a number is positive; undefined where it was not written. */
export const some = (spelling: Spelling): Field<boolean | undefined> => {
  const field = written(spelling, 'number', {}, (column, { constant }) => `${constant(signOf)}(${column}.values[row])`);
  return { ...field, likeness: field.columns.map(sign => ({ sign })) };
};

const signOf = (value: number): boolean | undefined => (Number.isNaN(value) ? undefined : value > 0);

/** A number that is 0 where it was not written. */
export const count = (spelling: Spelling): Field<number> =>
  // NaN is an absent value, and false.
  written(spelling, 'number', {}, column => `(${column}.values[row] || 0)`);

/** The time of an event. */
export const time = (spelling: Spelling): Field<Micros> => required(spelling, 'time');

/** The address of an end of a conversation. */
export const endpoint = (spelling: Spelling): Field<Address> => required(spelling, 'address');

/** A machine that the record knows by its name. */
export const host = (spelling: Spelling): Field<Address> =>
  demanded(written(spelling, 'symbol', {}, (column, { own }) => `${own(theSymbols)}.hostOf(${column}.values[row])`));

/** Somebody whom the record knows by a name, or does not know. */
export const party = (spelling: Spelling): Field<Address | undefined> =>
  written(
    spelling,
    'symbol',
    {},
    (column, { constant, own }) => `${constant(partyOf)}(${column}.values[row], ${own(theSymbols)})`,
  );

const partyOf = (id: SymbolId, symbols: Symbols): Address | undefined =>
  id === ABSENT ? undefined : symbols.hostOf(id);

export const boolean = (spelling: Spelling, settings: Settings = {}): Field<boolean | undefined> =>
  written(spelling, 'boolean', settings, (column, { constant }) => `${constant(booleanOf)}(${column}.values[row])`);

const booleanOf = (value: number): boolean | undefined => (value === 0 ? undefined : value === 2);

/** A value of which there are few, worked out of what is each record's own: whether there was payload, which port it was. */
export const few = <Value>(field: Field<Value>): Field<Value> => ({ ...field, likeness: [{ value: field.code }] });

/**
 * Fields of which there are few combinations, told apart by one word: a record's imprint has room for sixteen. `word` gives it,
 * best as a small number, which need not be looked up.
 */
export function together<const Fields extends Readonly<Record<string, Field<unknown>>>>(
  fields: Fields,
  word: (parts: Parts<Fields>) => string | number = parts => Object.values(parts).join('|'),
): Fields {
  const { likeness } = few(from(fields, word));
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, { ...field, likeness }])) as Fields;
}

type Parts<Fields> = { readonly [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value : never };

/** What follows from several fields of the row; `tellers` names those that tell it, where others only help. */
export function from<const Fields extends Readonly<Record<string, Field<unknown>>>, Value>(
  fields: Fields,
  conclude: (parts: Parts<Fields>) => Value,
  settings: Settings & { readonly tellers?: readonly (keyof Fields & string)[] } = {},
): Field<Value> {
  const sources = Object.entries(fields);
  const field: Field<Value> = {
    columns: sources.flatMap(([, field]) => field.columns),
    tellers: (settings.tellers ?? Object.keys(fields)).flatMap(name => fields[name]?.tellers ?? []),
    logged: loggedBy(settings),
    required: sources.flatMap(([, field]) => field.required ?? []),
    likeness: joinedLikeness(sources.map(([, field]) => field)),
    code: scope =>
      scope.derived(field, () => {
        const parts = sources.map(([name, field]) => `${JSON.stringify(name)}: ${field.code(scope)}`);
        return `${scope.constant(conclude)}({ ${parts.join(', ')} })`;
      }),
  };
  return field;
}

const joinedLikeness = (fields: readonly Field<unknown>[]): Field<unknown>['likeness'] =>
  fields.every(({ likeness }) => likeness !== undefined) ? fields.flatMap(({ likeness }) => likeness ?? []) : undefined;

/** The first of several that is there; the others are not read. */
export const firstOf = <Value>(...fields: readonly Field<Value | undefined>[]): Field<Value | undefined> => ({
  columns: fields.flatMap(({ columns }) => columns),
  tellers: fields.flatMap(({ tellers }) => tellers),
  logged: 'always',
  likeness: joinedLikeness(fields),
  code: scope => `(${fields.map(({ code }) => code(scope)).join(' ?? ')})`,
});

/** What a sensor never writes down. */
export const unlogged: Field<undefined> = {
  columns: [],
  tellers: [],
  logged: 'never',
  likeness: [],
  code: () => 'undefined',
};

/** What follows from the kind of log alone. */
export const constant = <const Value>(value: Value): Field<Value> => ({
  columns: [],
  tellers: [],
  logged: 'always',
  likeness: [],
  code: scope => scope.constant(value),
});

const loggedBy = ({ enable }: Settings): Logged => (enable === undefined ? 'always' : { enable });

/** A field that one column holds, by the code that reads the column. */
function written(
  spelling: Spelling,
  type: ColumnType,
  settings: Settings,
  code: (column: string, scope: Scope) => string,
) {
  const paths = typeof spelling === 'string' ? spelling.split('|').map(path => path.split('.')) : spelling;
  const column = { paths, type };
  const columns = [column];
  return {
    columns,
    tellers: columns,
    logged: loggedBy(settings),
    likeness: isTelling(type) ? [{ column }] : undefined,
    code: (scope: Scope) => code(scope.column(column), scope),
  };
}

const isTelling = (type: ColumnType): boolean =>
  type === 'symbol' || type === 'name' || type === 'address' || type === 'boolean';

const demanded = <Value>(field: Field<Value>): Field<Value> => ({ ...field, required: field.columns });

type NumericType = 'number' | 'time' | 'address';

const numeric = (spelling: Spelling, type: NumericType, settings: Settings): Field<number | undefined> =>
  written(spelling, type, settings, (column, { constant }) => `${constant(presentOf)}(${column}.values[row])`);

const presentOf = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

const required = (spelling: Spelling, type: NumericType): Field<number> =>
  demanded(written(spelling, type, {}, column => `${column}.values[row]`));

/** What symbols mean: each is asked once. */
interface Dictionary {
  meaningOf(id: SymbolId): unknown;
}

function createDictionary(symbols: Symbols, meaning: (text: string | undefined) => unknown): Dictionary {
  const meanings = new Map<SymbolId, unknown>();
  return {
    meaningOf(id) {
      const known = meanings.get(id);
      if (known !== undefined || meanings.has(id)) return known;
      const found = meaning(textOf(id, symbols));
      meanings.set(id, found);
      return found;
    },
  };
}

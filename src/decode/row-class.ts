import type { PlanColumn } from '../kernel/plan.ts';
import type { Sieve, Telling } from '../kernel/sieve.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { columnIn, type Table } from '../kernel/table.ts';
import { flowMark } from '../value/mark.ts';
import { type LikenessPart, likenessOf, wordOf } from './likeness.ts';

/** What the code of a property may refer to, beside `row`; each gives the expression that stands for it. */
export interface Scope {
  /** The column of the table that is looked at. */
  column(column: PlanColumn): string;
  /** What is the same for all tables: a function, a constant. */
  constant(value: unknown): string;
  /** What each table has for itself, made once for each maker. */
  own(make: (symbols: Symbols) => unknown): string;
  /** What follows from other things of the row, worked out once for each row, whoever asks; `key` says that it is the same. */
  derived(key: object, code: RowCode): string;
}

/** JavaScript that gives a value of the row `row`. */
export type RowCode = (scope: Scope) => string;

/** A property of a row. */
interface Property {
  readonly code: RowCode;
  /** What tells rows apart by it; undefined where it is each row's own. */
  readonly likeness: readonly LikenessPart[] | undefined;
}

/** An object that shows one row of a table at a time: each property is read from the row when it is asked for. */
export interface RowCursor {
  set row(row: number);
  /** A flow's, by `value/mark.ts`; 0 of everything else. */
  readonly mark: number;
  /** Whether anything was read of the row that is its own: set to false by whoever wants to know. */
  isParticular: boolean;
  /**
   * Tells rows apart by all but what is their own: those that it takes for alike give the same for every other property.
   * Undefined where that cannot be told.
   */
  readonly sieve: Sieve | undefined;
  /** Writes the words of the row that the sieve asks for. */
  tellWords(): void;
  /** Writes those of some rows that are whole into a list, from a place on, and says where that ends. */
  takeWhole(from: number, to: number, list: Uint32Array, at: number): number;
}

/** What tells of each row when it happened, without which rows are not told apart; and whether a row has all that it should have. */
interface Means {
  readonly telling?: Telling;
  readonly isWhole?: RowCode;
}

export type RowClass<Shown> = new (table: Table) => Shown & RowCursor;

/**
 * A class whose properties read the row. Its code is written out and compiled, so that the engine sees each property by
 * itself and can make straight-line machine code of it. Readers composed of closures share one body, behind which it
 * cannot look: with them a hunt over 1 M lines of conn.log took 6.1 s, with these 3.7 s (one thread, Node 20).
 */
export function createRowClass<Shown>(
  properties: Readonly<Record<string, Property>>,
  { telling, isWhole = () => 'true' }: Means = {},
): RowClass<Shown> {
  const constants: unknown[] = [];
  const columns: PlanColumn[] = [];
  const makers: ((symbols: Symbols) => unknown)[] = [];
  const derived: object[] = [];
  const methods: string[] = [];
  const scope: Scope = {
    column: column => `this.column${placeIn(columns, column)}`,
    constant: value => `constant${placeIn(constants, value)}`,
    own: make => `this.own${placeIn(makers, make)}`,
    derived(key, code) {
      const isNew = !derived.includes(key);
      const place = placeIn(derived, key);
      if (isNew)
        methods.push(`derived${place}() {
          if (this.known${place} !== this.turn) {
            const row = this.at;
            this.value${place} = ${code(scope)};
            this.known${place} = this.turn;
          }
          return this.value${place};
        }`);
      return `this.derived${place}()`;
    },
  };
  const getters = Object.entries(properties).map(
    ([name, { code, likeness }]) => `get ${name}() {
      ${likeness ? '' : 'this.isParticular = true;'}
      const row = this.at;
      return ${code(scope)};
    }`,
  );
  const { parts, values } = likenessOf(Object.values(properties).flatMap(({ likeness = [] }) => likeness));
  const whole = isWhole(scope);
  const numberOf = scope.constant(wordOf);
  const mark = telling?.port
    ? `${scope.constant(flowMark)}(${scope.column(telling.time)}.values[row], ${scope.column(telling.port)}.values[row])`
    : '0';
  const words = values.map((value, index) => `this.words[${index}][row] = ${numberOf}(${value(scope)});`);
  const source = `
    const [${constants.map((_, index) => `constant${index}`).join(', ')}] = constants;
    return class {
      constructor(table) {
        this.at = 0;
        this.turn = 0;
        this.isParticular = false;
        this.sieve = ${telling ? 'table.sieve?.(parts, telling)' : 'undefined'};
        this.words = this.sieve?.words;
        ${derived.map((_, index) => `this.known${index} = -1; this.value${index} = undefined;`).join('\n')}
        ${columns.map((_, index) => `this.column${index} = columnIn(table, columns[${index}]);`).join('\n')}
        ${makers.map((_, index) => `this.own${index} = makers[${index}](table.symbols);`).join('\n')}
      }
      set row(row) {
        this.at = row;
        this.turn = (this.turn + 1) | 0;
      }
      takeWhole(from, to, list, at) {
        let end = at;
        for (let row = from; row < to; row++) if (${whole}) list[end++] = row;
        return end;
      }
      get mark() {
        const row = this.at;
        return ${mark};
      }
      tellWords() {
        const row = this.at;
        ${words.join('\n')}
      }
      ${methods.join('\n')}
      ${getters.join('\n')}
    };`;
  const given = { constants, columns, makers, columnIn, parts, telling };
  return new Function(...Object.keys(given), source)(...Object.values(given));
}

function placeIn(list: unknown[], item: unknown): number {
  const known = list.indexOf(item);
  return known < 0 ? list.push(item) - 1 : known;
}

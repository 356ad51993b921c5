import { keyOf, type PlanColumn } from '../kernel/plan.ts';
import { NO_ID } from '../kernel/table.ts';
import { IPV6_BASE } from '../value/address.ts';
import type { RowCode, Scope } from './row-class.ts';

/**
 * What tells rows apart: a column as it stands; whether a number is positive, zero or not there; or a value of which there
 * are few, worked out of columns of which there are many.
 */
export type LikenessPart =
  | { readonly column: PlanColumn }
  | { readonly sign: PlanColumn }
  | { readonly value: RowCode };

/**
 * The code that writes an imprint into `words` from `at` on, a word for each part; then the last word, which has a few
 * bits for each part that needs them: for booleans, for signs, and for which kind of number an address or a number is.
 */
export function createImprint(
  parts: readonly LikenessPart[],
  scope: Scope,
): { readonly words: number; readonly code: string } {
  const columns = new Map(parts.flatMap(part => ('column' in part ? [[keyOf(part.column), part.column]] : [])));
  const signs = new Map(parts.flatMap(part => ('sign' in part ? [[keyOf(part.sign), part.sign]] : [])));
  const values = new Set(parts.flatMap(part => ('value' in part ? [part.value] : [])));
  let words = 0;
  let bits = 0;
  const word = (): string => `words[at + ${words++}]`;
  const flags = (code: string): string => `flags |= (${code}) << ${2 * bits++};`;

  const codeOf = (planned: PlanColumn): string => {
    const column = scope.column(planned);
    switch (planned.type) {
      case 'symbol':
        return `${word()} = ${column}.values[row];`;
      case 'name':
        return `
          if (!${column}.ids || ${column}.ids[row] === ${NO_ID}) return false;
          ${word()} = ${column}.ids[row];`;
      case 'address': {
        const value = `value${words}`;
        return `
          const ${value} = ${column}.values[row];
          ${word()} = ${value};
          ${flags(`${value} < ${IPV6_BASE} ? 1 : ${value} >= ${IPV6_BASE} ? 2 : 0`)}`;
      }
      case 'boolean':
        return flags(`${column}.values[row]`);
      case 'number': {
        const value = `value${words}`;
        return `
          const ${value} = ${column}.values[row];
          if (${value} >>> 0 !== ${value} && ${value} === ${value}) return false;
          ${word()} = ${value};
          ${flags(`${value} === ${value} ? 1 : 0`)}`;
      }
      default:
        throw new TypeError(`a column of type ${planned.type} is each row's own`);
    }
  };
  const lines = [...columns.values()].map(codeOf);
  const named = [...columns.values()].find(({ type }) => type === 'name');
  // All names of a table are numbered together.
  if (named) lines.push(`${word()} = ${scope.column(named)}.era;`);
  for (const sign of signs.values()) {
    const value = `${scope.column(sign)}.values[row]`;
    lines.push(flags(`${value} > 0 ? 1 : ${value} <= 0 ? 2 : 0`));
  }
  const numberOf = scope.constant(wordOf);
  for (const value of values) {
    const name = `value${words}`;
    lines.push(`
      const ${name} = ${numberOf}(${value(scope)});
      if (${name} < 0) return false;
      ${word()} = ${name};`);
  }
  if (bits > MOST_FLAGS) throw new RangeError('a record has too many booleans and addresses for its likeness');
  lines.push(`${word()} = flags;`);
  return { words, code: `let flags = ${NEVER_ZERO}; ${lines.join('\n')} return true;` };
}

/** Of two bits each. */
const MOST_FLAGS = 14;
/** A bit that is always set: so no imprint is nothing but zeros. */
const NEVER_ZERO = 1 << 28;

/** Values that are no small numbers, by number: words of a few, written in the code. */
const others = new Map<unknown, number>();
const FIRST_OTHER = 2 ** 30;
const MOST_OTHERS = 1000;

/** One word for each value, or -1. */
function wordOf(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value < FIRST_OTHER && (value | 0) === value) return value;
  if (value === true) return FIRST_OTHER + MOST_OTHERS;
  if (value === false) return FIRST_OTHER + MOST_OTHERS + 1;
  const known = others.get(value);
  if (known !== undefined) return known;
  if (others.size === MOST_OTHERS) return -1;
  others.set(value, FIRST_OTHER + others.size);
  return FIRST_OTHER + others.size - 1;
}

import { type Field, few } from './field.ts';

const LEAST = 23;

/** The power of two that so many bytes reach; 0 of fewer than 8 MiB. */
export const magnitudeOf = (bytes: number): number => (bytes < 2 ** LEAST ? 0 : Math.floor(Math.log2(bytes)));

/** The same of a field, which is not worked out where a column that is never less than it shows that it is small. */
export function magnitude(bytes: Field<number>, most: Field<number>): Field<number> {
  const { columns, tellers, logged } = bytes;
  return few({
    ...{ columns, tellers, logged },
    likeness: undefined,
    code: scope => `(${most.code(scope)} < ${2 ** LEAST} ? 0 : ${scope.constant(magnitudeOf)}(${bytes.code(scope)}))`,
  });
}

import type { PlanColumn } from '../kernel/plan.ts';
import { type Field, few, text } from './field.ts';

/** Whether one of the first answers of a record is an address of a private network (RFC 1918, RFC 4193, RFC 3927). */
export function privateAnswerIn(...answers: readonly PlanColumn['paths'][]): Field<boolean> {
  const fields = answers.map(paths => text(paths));
  return few({
    columns: fields.flatMap(({ columns }) => columns),
    tellers: fields.flatMap(({ tellers }) => tellers),
    logged: 'always',
    likeness: undefined,
    // One after the other: most have one, or none.
    code: scope => `(${fields.map(({ code }) => `${scope.constant(isPrivate)}(${code(scope)})`).join(' || ')})`,
  });
}

const isPrivate = (answer: string | undefined): boolean => answer !== undefined && PRIVATE.test(answer);

const PRIVATE =
  /(?:^|,)(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|f[cd][0-9a-f]{2}:[0-9a-f:]+|fe80:[0-9a-f:]+)(?:,|$)/i;

import { readFileSync } from 'node:fs';
import { reasonOf } from '../input/reason.ts';

/** Makes an error of what is wrong with a file that somebody wrote. */
export type Fail = (message: string, options?: ErrorOptions) => Error;

/** The text of such a file. */
export function textOf(file: string, fail: Fail): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw fail(`${file}: cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

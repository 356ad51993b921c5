import path from 'node:path';

/** What comes with the program. This file lies as deep in the source as what it is bundled into lies in `dist`. */
export const fileOf = (...parts: readonly string[]): string => path.join(import.meta.dirname, '../..', ...parts);

/** A file that a thread runs, bundled or not as this one is. */
export const threadFile = (name: string): string =>
  path.join(import.meta.dirname, '..', `${name}${path.extname(import.meta.filename)}`);

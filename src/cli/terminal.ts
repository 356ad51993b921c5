import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type Outlet = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The world outside: what a test replaces. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Outlet;
  readonly stderr: Outlet;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In milliseconds since 1970. */
  now(): number;
}

/** Something that was typed wrong: the message says what and what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const print = async (outlet: Outlet, text: string): Promise<void> => {
  await new Promise<void>((done, failed) => {
    outlet.write(text, error => (error ? failed(error) : done()));
  });
};

/** Whoever read our output has closed it: that is a good end. */
export const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

/** Colours by the conventions of no-color.org and FORCE_COLOR. */
export function hasColours({ stdout, env }: Terminal): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return stdout.isTTY === true && env.TERM !== 'dumb';
}

/** How wide a table may be: the terminal's width, else what COLUMNS says, else what fits a wide window. */
export function widthOf({ stdout, env }: Terminal): number {
  const asked = Number(env.COLUMNS);
  return stdout.columns || (Number.isInteger(asked) && asked > 0 ? asked : 120);
}

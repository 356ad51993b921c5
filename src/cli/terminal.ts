import type { Readable, Writable } from 'node:stream';
import { print } from '../output/print.ts';
import type { Screen } from '../output/table.ts';
import { visible } from '../value/text.ts';

/** A stream that may be a terminal. */
type Outlet = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The world outside: what a test replaces. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Outlet;
  readonly stderr: Outlet;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C; the second one ends the program. */
  readonly interrupt: AbortSignal;
  /** In milliseconds since 1970. */
  now(): number;
}

/** Something that was typed wrong: the message says what and what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Messages to whoever typed the command, a line each; what is indented goes on with the line before. */
export const said = (lines: readonly string[]): string =>
  lines.map(line => `${line.startsWith(' ') ? '' : 'oddtalk: '}${visible(line)}\n`).join('');

/** Says it on stderr; that nobody listens there any more takes nothing from what goes to stdout. */
export async function tell({ stderr }: Terminal, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await print(stderr, said(lines)).catch((error: unknown) => {
    if (!isClosedPipe(error)) throw error;
  });
}

/** Whoever read our output has closed it: that is a good end. */
export const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

/** How results are printed, as it may be asked for. */
export type PrintedAs = 'auto' | 'table' | 'ndjson';

/** A table for eyes, NDJSON for everything else. */
export const formFor = (asked: PrintedAs, { stdout }: Terminal): Exclude<PrintedAs, 'auto'> =>
  asked === 'auto' ? (stdout.isTTY ? 'table' : 'ndjson') : asked;

export const screenOf = (terminal: Terminal): Screen => ({ columns: widthOf(terminal), colours: hasColours(terminal) });

/** Colours by the conventions of no-color.org and FORCE_COLOR. */
function hasColours({ stdout, env }: Terminal): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0') return true;
  return stdout.isTTY === true && env.TERM !== 'dumb';
}

/** How wide a table may be: the terminal's width, else what COLUMNS says, else what fits a wide window. */
function widthOf({ stdout, env }: Terminal): number {
  const asked = Number(env.COLUMNS);
  return stdout.columns || (Number.isInteger(asked) && asked > 0 ? asked : 120);
}

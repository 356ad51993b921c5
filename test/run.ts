import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { main } from '../src/cli/main.ts';
import type { Terminal } from '../src/cli/terminal.ts';
import type { Finding } from '../src/finding/finding.ts';
import type { Summary } from '../src/pipeline/summary.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly findings: readonly Finding[];
}

interface Around {
  readonly stdin?: string | Buffer | Readable;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly env?: Record<string, string>;
  readonly interrupt?: AbortSignal;
  readonly now?: () => number;
}

/** Runs the program in this process, with everything around it replaced. */
export async function run(argv: readonly string[], around: Around = {}): Promise<Ran> {
  const {
    stdin,
    isTTY = false,
    columns,
    env = {},
    interrupt = new AbortController().signal,
    now = () => Date.UTC(2026, 10, 20),
  } = around;
  const stdout = collector(isTTY, columns);
  const stderr = collector(isTTY, columns);
  const terminal: Terminal = {
    stdin: Object.assign(
      stdin instanceof Readable ? stdin : Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]),
      {
        isTTY: stdin === undefined,
      },
    ),
    stdout: stdout.outlet,
    stderr: stderr.outlet,
    env,
    interrupt,
    now,
  };
  const code = await main(argv, terminal);
  return {
    code,
    stdout: stdout.text(),
    stderr: stderr.text(),
    findings: isJson(stdout.text()) ? parsed(stdout.text()) : [],
  };
}

function collector(isTTY: boolean, columns: number | undefined) {
  const chunks: string[] = [];
  const outlet = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return {
    outlet: Object.assign(outlet, { isTTY, ...(columns !== undefined && { columns }) }),
    text: () => chunks.join(''),
  };
}

const isJson = (text: string): boolean => text.startsWith('{');

export const parsed = (ndjson: string): readonly Finding[] =>
  ndjson
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));

/** A folder for one test, with these files in it. */
export async function folder(files: Readonly<Record<string, string | Buffer>> = {}): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'oddtalk-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return root;
}

/** The summary of a hunt over these files. */
export async function summaryOf(
  paths: readonly string[],
  options: readonly string[] = [],
  around: Around = {},
): Promise<Summary & { ran: Ran }> {
  const file = path.join(await folder(), 'summary.json');
  const ran = await run(['hunt', ...paths, '--summary', file, ...options], around);
  const { readFile } = await import('node:fs/promises');
  return { ...JSON.parse(await readFile(file, 'utf8')), ran };
}

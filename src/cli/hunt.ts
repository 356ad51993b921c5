import { writeFile } from 'node:fs/promises';
import type { Warmup } from '../baseline/acquaintance.ts';
import type { Finding } from '../finding/finding.ts';
import { STDIN } from '../input/sources.ts';
import { digestText } from '../output/digest.ts';
import { writeNdjson } from '../output/ndjson.ts';
import { findingsTable } from '../output/table.ts';
import { type Hunt, hunt } from '../pipeline/hunt.ts';
import type { Summary } from '../pipeline/summary.ts';
import type { Networks } from '../value/address.ts';
import { isAtLeast, type Level } from '../value/level.ts';
import { visible } from '../value/text.ts';
import type { Micros } from '../value/time.ts';
import { createComplaints } from './complaints.ts';
import { readLocalNets, suggestion } from './readers.ts';
import { selectRules } from './select-rules.ts';
import { hasColours, isClosedPipe, print, type Terminal, UsageError, widthOf } from './terminal.ts';

/** What was typed, checked for form. */
export interface ReadingOptions {
  readonly baseline?: string;
  readonly since?: Micros;
  readonly until?: Micros;
  readonly localNets?: string;
  readonly rules?: readonly string[];
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  readonly summary?: string;
  readonly reproducible?: true;
  readonly jobs?: number;
  readonly quiet?: true;
}

export interface HuntOptions extends ReadingOptions {
  readonly format: 'auto' | 'table' | 'ndjson';
  readonly warmup: Warmup['length'];
  readonly learnUntil?: Micros;
  readonly minLevel?: Level;
  readonly failLevel: Level;
  readonly exitZero?: true;
}

const QUIET = 0;
const FINDINGS = 1;
const TROUBLE = 2;

/** Reads, prints what is odd, and says by its exit code whether there was anything. */
export async function huntCommand(paths: readonly string[], options: HuntOptions, terminal: Terminal): Promise<number> {
  const format = options.format === 'auto' ? (terminal.stdout.isTTY ? 'table' : 'ndjson') : options.format;
  const minLevel = options.minLevel ?? (format === 'table' ? 'low' : 'informational');
  const warmup = { length: options.warmup, learnUntil: options.learnUntil };
  const { findings, summary } = await read(paths, options, warmup, terminal);

  const shown = findings.filter(({ oddtalk }) => isAtLeast(oddtalk.level, minLevel));
  try {
    await show(shown, format, terminal);
  } catch (error) {
    if (!isClosedPipe(error)) throw error;
  }
  await sayAfter(summary, options, minLevel, terminal);
  if (isTrouble(summary)) return TROUBLE;
  const isFinding = findings.some(({ oddtalk }) => isAtLeast(oddtalk.level, options.failLevel));
  return isFinding && !options.exitZero ? FINDINGS : QUIET;
}

/** The same reading without findings; of use once a baseline is kept. */
export async function learnCommand(
  paths: readonly string[],
  options: ReadingOptions,
  terminal: Terminal,
): Promise<number> {
  const { summary } = await read(paths, options, { length: 'auto', learnUntil: undefined }, terminal);
  await print(
    terminal.stderr,
    'oddtalk: nothing is kept yet: this version has no baseline that lasts, so learn only shows what it would read\n',
  );
  await sayAfter(summary, options, 'critical', terminal);
  return isTrouble(summary) ? TROUBLE : QUIET;
}

async function read(
  paths: readonly string[],
  options: ReadingOptions,
  warmup: Warmup,
  terminal: Terminal,
): Promise<Hunt> {
  const { stdin, stderr } = terminal;
  const rules = await selectRules({
    folders: options.rules ?? [],
    only: options.only ?? [],
    without: options.without ?? [],
  });
  const localNets: Networks | undefined =
    options.localNets === undefined ? undefined : await readLocalNets(options.localNets);
  if (options.baseline !== undefined && options.baseline !== 'memory') {
    const reason = 'this version keeps its baseline in memory only, and forgets it at the end of the run';
    await print(stderr, `oddtalk: --baseline ${visible(options.baseline)} is not written: ${reason}\n`);
  }
  const complaints = createComplaints();
  const result = await hunt({
    paths: pathsOrStdin(paths, terminal),
    stdin,
    rules,
    warmup,
    since: options.since,
    until: options.until,
    localNets,
    created: options.reproducible ? undefined : terminal.now() * 1000,
    refused(source, line, reason) {
      const message = complaints.about(source, line, reason);
      if (message !== undefined) stderr.write(message);
    },
  });
  for (const message of complaints.rest()) await print(stderr, message);
  for (const { path, reason } of result.summary.unreadable) {
    const hint = reason.startsWith('no such file') ? suggestion(path, ['learn', 'rules', 'hunt', 'help']) : '';
    await print(stderr, `oddtalk: ${visible(path)}: ${visible(reason)}${hint}\n`);
  }
  if (result.summary.inputs.length === 0) await print(stderr, nothingReadable(result.summary));
  return result;
}

/** Without a path, what is piped in is read. */
function pathsOrStdin(paths: readonly string[], { stdin }: Terminal): readonly string[] {
  if (paths.length > 0) return paths;
  if (!stdin.isTTY) return [STDIN];
  throw new UsageError(
    'nothing to read: name files or folders of logs, or pipe logs in (oddtalk hunt --help shows examples)',
  );
}

const MOST_NAMED = 10;

/** The most asked question of every tool of this kind is "no logs found": say what was found instead. */
function nothingReadable({ skipped, unreadable }: Summary): string {
  const found = skipped.slice(0, MOST_NAMED).map(({ path, reason }) => `  ${visible(path)}: ${visible(reason)}\n`);
  const more = skipped.length > MOST_NAMED ? `  … and ${skipped.length - MOST_NAMED} more\n` : '';
  const what = skipped.length === 0 ? (unreadable.length === 0 ? ' (the folders are empty)' : '') : '; found instead:';
  return (
    `oddtalk: nothing that can be read${what}\n${found.join('')}${more}` +
    'oddtalk: it reads Zeek logs (TSV or JSON: conn, dns, http, ssl, weird), Suricata EVE and Sysmon exports (flat JSON), also gzipped\n'
  );
}

async function show(findings: readonly Finding[], format: 'table' | 'ndjson', terminal: Terminal): Promise<void> {
  if (format === 'ndjson') return writeNdjson(findings, terminal.stdout);
  if (findings.length === 0) return;
  await print(terminal.stdout, findingsTable(findings, { columns: widthOf(terminal), colours: hasColours(terminal) }));
}

async function sayAfter(
  summary: Summary,
  options: ReadingOptions,
  minLevel: Level,
  { stderr }: Terminal,
): Promise<void> {
  if (options.summary !== undefined) await writeSummary(options.summary, summary);
  if (!stderr.isTTY || options.quiet || summary.inputs.length === 0) return;
  const records = Object.values(summary.records).reduce((sum, count) => sum + count, 0);
  await print(stderr, digestText({ ...summary, records, files: summary.inputs.length, span: summary.span, minLevel }));
}

async function writeSummary(file: string, summary: Summary): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(summary, null, 2)}\n`);
  } catch (cause) {
    throw new UsageError(`--summary ${file}: cannot be written: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

const isTrouble = ({ inputs, unreadable }: Summary): boolean => unreadable.length > 0 || inputs.length === 0;

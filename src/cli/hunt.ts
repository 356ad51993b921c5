import type { Warmup } from '../baseline/acquaintance.ts';
import { type Assets, createAssets } from '../baseline/assets.ts';
import type { Suppression } from '../correlate/suppress.ts';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import { findSources, STDIN } from '../input/sources.ts';
import type { Digest } from '../output/digest.ts';
import { print } from '../output/print.ts';
import type { ActiveRule } from '../pipeline/active-rule.ts';
import { type Hunt, type HuntSettings, hunt, type Kept } from '../pipeline/hunt.ts';
import type { Refusals } from '../pipeline/refusals.ts';
import type { Summary } from '../pipeline/summary.ts';
import { isAtLeast, type Level } from '../value/level.ts';
import { sum } from '../value/sum.ts';
import { counted, listed } from '../value/text.ts';
import { isoTime, type Micros } from '../value/time.ts';
import { createComplaints } from './complaints.ts';
import { type KeepingOptions, keeping, MOST_ROWS } from './keeping.ts';
import { noticesOf } from './notices.ts';
import { createProgress } from './progress.ts';
import { selectRules } from './select-rules.ts';
import { withoutSummary, writeSummary } from './summary-file.ts';
import { formFor, isClosedPipe, type PrintedAs, said, screenOf, type Terminal, tell, UsageError } from './terminal.ts';

/** What was typed, checked for form. */
export interface ReadingOptions extends KeepingOptions {
  readonly since?: Micros;
  readonly until?: Micros;
  readonly localNets?: string;
  readonly assets?: string;
  readonly rules?: readonly string[];
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  readonly summary?: string;
  readonly reproducible?: true;
  readonly jobs?: number;
  readonly quiet?: true;
}

export interface HuntOptions extends ReadingOptions {
  readonly format: PrintedAs;
  readonly warmup: Warmup['length'];
  readonly learnUntil?: Micros;
  readonly minLevel?: Level;
  readonly failLevel?: Level;
  readonly exitZero?: true;
  readonly suppress?: readonly string[];
  readonly showSuppressed?: true;
}

const MOST_GRAVE = 10;

const QUIET = 0;
const FINDINGS = 1;
export const TROUBLE = 2;
/** 128 and the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130;

/** Reads, prints what is odd, and says by its exit code whether there was anything. */
export const huntCommand = (paths: readonly string[], options: HuntOptions, terminal: Terminal): Promise<number> =>
  keeping(options, terminal, async kept => {
    const format = formFor(options.format, terminal);
    const minLevel = options.minLevel ?? (format === 'table' ? 'low' : 'informational');
    const warmup = { length: options.warmup, learnUntil: options.learnUntil };
    const suppressions = await suppressionsIn(options.suppress);
    const hunted = await read(paths, options, { warmup, kept, suppressions }, terminal);
    const { findings, suppressed, summary, isTrouble } = hunted;

    const isShown = ({ oddtalk }: Finding): boolean => isAtLeast(oddtalk.level, minLevel);
    const shown = findings.filter(isShown);
    // Of what is withdrawn machines must hear, and people have the rest of the table.
    const withdrawn = findings.filter(({ oddtalk }) => oddtalk.status === 'withdrawn');
    const told = format === 'ndjson' ? [...new Set([...shown, ...withdrawn])] : shown;
    let isHeard = true;
    try {
      const all = options.showSuppressed ? byScore([...told, ...suppressed.filter(isShown)]) : told;
      await show(all, hunted.incidents, format, terminal);
    } catch (error) {
      if (!isClosedPipe(error)) throw error;
      isHeard = false;
    }
    // What nobody has heard is told again by the next run.
    if (isHeard) kept?.told.settle([...new Set([...told, ...withdrawn])], 'printed');
    await sayAfter(summary, { findings: summary.findings, minLevel }, options, terminal);
    if (terminal.interrupt.aborted) return INTERRUPTED;
    if (isTrouble) return TROUBLE;
    const isFinding = findings.some(({ oddtalk }) => isAtLeast(oddtalk.level, failLevelOf(options)));
    return isFinding && !options.exitZero ? FINDINGS : QUIET;
  });

const byScore = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((one, other) => other.event.risk_score - one.event.risk_score);

/** Without a word about it, no run fails by what `--min-level` hides. */
function failLevelOf({ failLevel, minLevel = 'low' }: HuntOptions): Level {
  return failLevel ?? (isAtLeast(minLevel, 'low') ? minLevel : 'low');
}

/** The same reading, in which whatever it would find is taken for normal. */
export function learnCommand(paths: readonly string[], options: ReadingOptions, terminal: Terminal): Promise<number> {
  if (options.baseline === undefined)
    throw new UsageError('learn keeps what it reads in a baseline: name its file with --baseline');
  return keeping(options, terminal, async kept => {
    const warmup = { length: 'auto', learnUntil: undefined } as const;
    const { findings, summary, isTrouble } = await read(paths, options, { warmup, kept }, terminal);
    // What is withdrawn somebody has been told of: the next hunt says so.
    const found = findings.filter(({ oddtalk }) => oddtalk.status !== 'withdrawn');
    kept?.told.settle(found, 'learnt');
    const grave = found.filter(({ oddtalk }) => isAtLeast(oddtalk.level, 'high'));
    if (grave.length > 0)
      await tell(terminal, [
        `taken for normal, but look at it: ${counted(grave.length, 'finding')} of level high or above`,
        ...grave.slice(0, MOST_GRAVE).map(({ message }) => `  ${message}`),
        ...(grave.length > MOST_GRAVE ? [`  … and ${grave.length - MOST_GRAVE} more`] : []),
      ]);
    await sayAfter(summary, undefined, options, terminal);
    if (terminal.interrupt.aborted) return INTERRUPTED;
    return isTrouble ? TROUBLE : QUIET;
  });
}

/** What a run is held against. */
interface Remembered {
  readonly warmup: Warmup;
  readonly kept: Kept | undefined;
  readonly suppressions?: readonly Suppression[];
}

/** Loaded where there are any. */
async function suppressionsIn(files: readonly string[] = []): Promise<readonly Suppression[]> {
  if (files.length === 0) return [];
  const { readSuppressions } = await import('../correlate/suppressions.ts');
  return files.flatMap(readSuppressions);
}

/** Rules that ask for hosts which nobody has named: they would never speak, and nobody would know why. */
function aboutWords(rules: readonly ActiveRule[], assets: Assets | undefined): readonly string[] {
  return rules.flatMap(({ rule }) => {
    const unknown = [...rule.only_for, ...rule.not_for].filter(word => !assets?.words.has(word));
    if (unknown.length === 0) return [];
    const where = assets ? 'in --assets no host has' : 'without --assets no host has';
    return [`${rule.id} asks for ${listed(unknown, 'or')}, which ${where}`];
  });
}

async function assetsIn(file: string | undefined): Promise<Assets | undefined> {
  if (file === undefined) return undefined;
  const { readAssets } = await import('../rule/assets.ts');
  return createAssets(readAssets(file));
}

async function read(
  paths: readonly string[],
  options: ReadingOptions,
  { warmup, kept, suppressions = [] }: Remembered,
  terminal: Terminal,
): Promise<Hunt & { readonly isTrouble: boolean }> {
  const { rules: folders = [], only = [], without = [], since, until, localNets, summary: summaryFile } = options;
  refuseEmptySpan(options);
  const rules = await selectRules({ folders, only, without });
  const assets = await assetsIn(options.assets);
  const networks = localNets === undefined ? undefined : await networksOf(localNets);
  const everything = await findSources(pathsOrStdin(paths, terminal));
  const found = summaryFile === undefined ? everything : await withoutSummary(summaryFile, everything);

  const complaints = createComplaints();
  const result = await huntWatched(
    {
      ...{ found, rules, warmup, since, until, suppressions },
      localNets: networks,
      created: options.reproducible ? undefined : terminal.now() * 1000,
      jobs: options.jobs,
      maxRows: options.maxRows ?? MOST_ROWS,
      ...(kept && { kept: { ...kept, rules: await selectRules({ folders, only: [], without: [] }) } }),
      ...(assets && { assets }),
    },
    options,
    terminal,
    complaints.about,
  );
  const { lines, isTrouble } = noticesOf(result.summary, { localNets, named: found.named });
  await tell(terminal, [...complaints.rest(), ...lines, ...aboutWords(rules, assets)]);
  return { ...result, isTrouble };
}

/** Reads without rules, and says what there was. */
export async function readAll(
  paths: readonly string[],
  options: Pick<ReadingOptions, 'jobs' | 'quiet'>,
  terminal: Terminal,
  read: (source: string, refusals: Refusals) => void,
): Promise<Hunt> {
  const found = await findSources(pathsOrStdin(paths, terminal));
  const everything = { since: undefined, until: undefined, localNets: undefined, created: undefined };
  const warmup = { length: 'auto', learnUntil: undefined } as const;
  const asked = { ...everything, found, warmup, rules: [], jobs: options.jobs, maxRows: MOST_ROWS };
  return huntWatched(asked, options, terminal, (source, refusals) => {
    read(source, refusals);
    return [];
  });
}

/** Hunts while somebody looks on; `remarks` are what there is to say of a source that has been read. */
async function huntWatched(
  asked: Omit<HuntSettings, 'stdin' | 'interrupt' | 'advanced' | 'failed' | 'read'>,
  { quiet }: Pick<ReadingOptions, 'quiet'>,
  terminal: Terminal,
  remarks: (source: string, refusals: Refusals) => readonly string[],
): Promise<Hunt> {
  const { stdin, interrupt } = terminal;
  const progress = await createProgress(asked.found, quiet !== true, terminal);
  const result = await hunt({
    ...asked,
    ...{ stdin, interrupt, advanced: progress.advanced },
    failed({ source, from, to }, what) {
      const part = from === 0 && to === undefined ? '' : ` (bytes ${from} to ${to ?? 'the end'})`;
      progress.say(said([`${source.name}${part}: ${what}`]));
    },
    read(source, refusals) {
      progress.finished();
      const lines = remarks(source, refusals);
      if (lines.length > 0) progress.say(said(lines));
    },
  });
  progress.end();
  return result;
}

async function networksOf(localNets: string): Promise<readonly string[]> {
  const { readLocalNets } = await import('./local-nets.ts');
  return readLocalNets(localNets);
}

function refuseEmptySpan({ since, until, baseline }: ReadingOptions): void {
  if (baseline !== undefined && (since !== undefined || until !== undefined))
    throw new UsageError(
      '--since and --until do not go with --baseline, which reads each line once: what they leave out would be left out for good (learn the files of some days and hunt in the others, or use --learn-until)',
    );
  if (since === undefined || until === undefined || since < until) return;
  throw new UsageError(`--since ${isoTime(since)} is not before --until ${isoTime(until)}: nothing lies between`);
}

/** Without a path, what is piped in is read. */
function pathsOrStdin(paths: readonly string[], { stdin }: Terminal): readonly string[] {
  if (paths.includes('')) throw new UsageError('an empty path was named: is a variable of the shell unset?');
  if (paths.length > 0) return paths;
  if (!stdin.isTTY) return [STDIN];
  throw new UsageError(
    'nothing to read: name files or folders of logs, or pipe logs in (oddtalk hunt --help shows examples)',
  );
}

/** Each form loads what it needs: a run that prints NDJSON draws no tables. */
async function show(
  findings: readonly Finding[],
  incidents: readonly Incident[],
  format: 'table' | 'ndjson',
  terminal: Terminal,
): Promise<void> {
  if (findings.length === 0) return;
  if (format === 'ndjson') {
    const { writeNdjson } = await import('../output/ndjson.ts');
    return writeNdjson(findings, terminal.stdout);
  }
  const { findingsTable } = await import('../output/table.ts');
  await print(terminal.stdout, findingsTable(findings, incidents, screenOf(terminal)));
}

async function sayAfter(
  summary: Summary,
  found: Digest['found'],
  { summary: file, quiet }: ReadingOptions,
  terminal: Terminal,
): Promise<void> {
  const { stderr } = terminal;
  if (file !== undefined) await writeSummary(file, summary);
  const { unchanged = 0 } = summary;
  if (!stderr.isTTY || quiet || summary.inputs.length + unchanged === 0) return;
  const { digestText } = await import('../output/digest.ts');
  const records = sum(Object.values(summary.records));
  await print(stderr, digestText({ ...summary, records, files: summary.inputs.length, span: summary.span, found }));
}

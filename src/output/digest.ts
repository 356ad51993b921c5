import { aheadText } from '../value/duration.ts';
import type { Level } from '../value/level.ts';
import { isAtLeast, levels } from '../value/level.ts';
import { counted, figure, listed, visible } from '../value/text.ts';
import { minuteText } from '../value/time.ts';

/** What a person wants to know after a run, in a few lines. */
export interface Digest {
  readonly records: number;
  readonly files: number;
  readonly bad: number;
  readonly span: { readonly from: string; readonly to: string } | undefined;
  readonly hosts: number;
  /** Findings by level, and from which level on they were shown; undefined where none were looked for. */
  readonly found: { readonly findings: Readonly<Record<Level, number>>; readonly minLevel: Level } | undefined;
  readonly inbound: { readonly contacts: number; readonly hosts: number };
  /** Flows that were seen twice and count once. */
  readonly folded: number;
  /** Files without anything new, and findings that earlier runs have told and that still stand. */
  readonly unchanged?: number;
  readonly known?: number;
  readonly suppression?: {
    readonly suppressed: number;
    readonly idle: readonly { readonly place: string; readonly because: string }[];
  };
  /** Whose flows it is known that they were, where endpoints have spoken. */
  readonly attribution?: {
    readonly flows: number;
    readonly attributed: number;
    readonly sources: readonly {
      readonly host: string;
      readonly clock_offset_s?: number;
      readonly doubts: readonly string[];
    }[];
    readonly dropped: number;
  };
  readonly blind: readonly { readonly rule: string; readonly missing: string; readonly fix: string }[];
  /** Signs of further parties that there was no room for. */
  readonly dropped?: number;
  readonly doubts?: readonly { readonly sensor: string; readonly lack: string; readonly share: number }[];
  /** How many pieces of evidence are not told for that, by rule. */
  readonly silenced?: Readonly<Record<string, number>>;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** More than this many files or rules of one kind are counted, not named. */
const MOST_NAMED = 4;

export function digestText(digest: Digest): string {
  const { records, files, bad, span, hosts, inbound, found } = digest;
  const when = span ? `, ${minuteText(span.from)} to ${minuteText(span.to)} UTC` : '';
  const lines = [
    `read ${counted(records, 'record')} from ${counted(files, 'file')}${when}, of ${counted(hosts, 'local host')}`,
    ...(bad > 0 ? [`not read: ${counted(bad, 'line')} that did not parse`] : []),
    ...(inbound.contacts > 0
      ? [`from outside: ${counted(inbound.contacts, 'contact')} to ${counted(inbound.hosts, 'local host')}`]
      : []),
    ...(digest.folded > 0 ? [`seen twice and counted once: ${counted(digest.folded, 'connection')}`] : []),
    ...(digest.unchanged ? [`nothing new in ${counted(digest.unchanged, 'file')}`] : []),
    ...attributionLines(digest),
    ...(found ? [findingsLine(found)] : []),
    ...(found && digest.known ? [`told before, and still so: ${counted(digest.known, 'finding')}`] : []),
    ...(digest.suppression?.suppressed ? [`suppressed: ${counted(digest.suppression.suppressed, 'finding')}`] : []),
    ...(digest.suppression?.idle ?? []).map(({ place, because }) => `suppression ${place}: ${because}`),
    ...grouped(
      digest.blind,
      ({ missing, fix }) => `${missing} (to see: ${fix})`,
      ({ rule }) => rule,
    ).map(({ what, names }) => `blind: ${named(names)}: no ${what}`),
    ...(digest.dropped
      ? [`no room for ${counted(digest.dropped, 'sign')} of further parties: what counts in numbers may be more`]
      : []),
    ...doubtLines(digest),
    ...grouped(
      digest.skipped,
      ({ reason }) => reason,
      ({ path }) => path,
    ).map(({ what, names }) => `skipped: ${named(names)}: ${what}`),
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

/** Who did it, and which machines' clocks are not to be believed. */
function attributionLines({ attribution }: Digest): readonly string[] {
  if (!attribution) return [];
  const { flows, attributed, sources, dropped } = attribution;
  const machines = new Set(sources.map(({ host }) => host)).size;
  const whose =
    flows === 0
      ? `no flow of ${counted(machines, 'machine')} with an endpoint sensor is here, so that only the endpoint's own word says who did what`
      : `known whose: ${figure(attributed)} of ${counted(flows, 'flow')} (${Math.round((100 * attributed) / flows)} %) of ${counted(machines, 'machine')} with an endpoint sensor`;
  return [
    whose,
    ...(dropped > 0 ? [`no room to find out whose ${counted(dropped, 'flow')} were`] : []),
    ...grouped(
      sources.flatMap(({ host, clock_offset_s, doubts }) => doubts.map(doubt => ({ host, clock_offset_s, doubt }))),
      ({ doubt, clock_offset_s }) => (clock_offset_s === undefined ? doubt : `${doubt}; its times are corrected`),
      ({ host, clock_offset_s }) => (clock_offset_s === undefined ? host : `${host} (${aheadText(clock_offset_s)})`),
    ).map(({ what, names }) => `endpoint: ${named(names)}: ${what}`),
  ];
}

/** What the sensors missed, and who keeps silent for it. */
function doubtLines({ doubts = [], silenced = {} }: Digest): readonly string[] {
  const rules = Object.keys(silenced);
  return [
    ...doubts.map(({ sensor, lack, share }) => {
      const percent = Math.round(share * 100);
      return lack === 'lost packets'
        ? `doubt: ${sensor} says that it lost ${percent} % of all packets`
        : `doubt: ${sensor} saw ${percent} % of all TCP conversations with ${lack}`;
    }),
    ...(rules.length > 0 ? [`silent for it, about hosts that are seen badly: ${named(rules)}`] : []),
  ];
}

function findingsLine({ findings, minLevel }: NonNullable<Digest['found']>): string {
  const shown = [...levels].reverse().filter(level => isAtLeast(level, minLevel) && findings[level] > 0);
  const hidden = levels.filter(level => !isAtLeast(level, minLevel)).reduce((sum, level) => sum + findings[level], 0);
  const total = shown.reduce((sum, level) => sum + findings[level], 0);
  const parts = shown.map(level => `${figure(findings[level])} ${level}`);
  const found = total === 0 ? 'found nothing' : `found ${counted(total, 'thing')}: ${listed(parts)}`;
  return hidden === 0 ? found : `${found}; ${figure(hidden)} below ${minLevel} not shown (--min-level)`;
}

const named = (names: readonly string[]): string =>
  names.length > MOST_NAMED
    ? `${names.slice(0, MOST_NAMED - 1).join(', ')} and ${names.length - MOST_NAMED + 1} more`
    : names.join(', ');

function grouped<Item>(
  items: readonly Item[],
  whatOf: (item: Item) => string,
  nameOf: (item: Item) => string,
): readonly { readonly what: string; readonly names: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const item of items) {
    const names = groups.get(whatOf(item)) ?? [];
    groups.set(whatOf(item), names);
    names.push(nameOf(item));
  }
  return [...groups].map(([what, names]) => ({ what, names }));
}

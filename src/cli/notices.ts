import { INTERRUPTED } from '../input/bytes.ts';
import type { Summary } from '../pipeline/summary.ts';
import { suggestion } from '../value/suggestion.ts';
import { sum } from '../value/sum.ts';
import { counted } from '../value/text.ts';

/** What else whoever typed the command has to know, and whether the run is in trouble by it. */
interface Notices {
  readonly lines: readonly string[];
  readonly isTrouble: boolean;
}

/** What was typed that only the logs could prove wrong. */
interface Asked {
  readonly localNets: string | undefined;
  /** Files that were named by themselves. */
  readonly named: ReadonlySet<string>;
}

/** Looks at a run for what would else be a silent end: nothing to read, nothing that parsed, nothing that was asked for. */
export function noticesOf(summary: Summary, { localNets, named }: Asked): Notices {
  const { inputs, unreadable, skipped, bad, outside, forgotten, unchanged = 0, rewritten = [], moved = [] } = summary;
  const records = sum(Object.values(summary.records));
  const interrupted = unreadable.filter(({ reason }) => reason.startsWith(INTERRUPTED));
  const unread = [
    ...unreadable
      .filter(({ reason }) => !reason.startsWith(INTERRUPTED))
      .map(({ path, reason }) => `${path}: ${reason}${hint(path, reason)}`),
    ...(interrupted.length > 0
      ? [`interrupted: ${counted(interrupted.length, 'file')} not read to the end, so that what follows is not all`]
      : []),
  ];
  if (inputs.length === 0 && unchanged === 0) {
    return { lines: interrupted.length > 0 ? unread : [...unread, ...nothingReadable(summary)], isTrouble: true };
  }
  const hasOnlyBad = bad > 0 && records + outside + sum(inputs.map(({ passed = 0 }) => passed)) === 0;
  return {
    lines: [
      ...unread,
      ...skipped.filter(({ path }) => named.has(path)).map(({ path, reason }) => `${path}: not read: ${reason}`),
      ...rewritten.map(
        path => `${path}: not what it was when it was read before: read anew, so that what it shows may count twice`,
      ),
      ...moved.map(path => `${path}: renamed while it was read, so that it is left for the next run`),
      ...(hasOnlyBad ? [`none of ${counted(bad, 'line')} is a record that can be used`] : []),
      ...(records === 0 && outside > 0
        ? [`all ${counted(outside, 'record')} lie outside of --since and --until (times without an offset are UTC)`]
        : []),
      ...(forgotten.values > 0
        ? [
            `the baseline was full (--max-rows): ${counted(forgotten.values, 'value')} of the ${counted(forgotten.hosts, 'busiest host')} went, those that were not seen for longest, and what is new to these hosts is uncertain`,
          ]
        : []),
      ...(forgotten.names
        ? ['there were more names (of domains, of programs) than can be told apart: the later ones count as one']
        : []),
      ...(records > 0 && localNets !== undefined && summary.hosts === 0
        ? [`no host of --local-nets ${localNets} was met: what rules say about your hosts is missing`]
        : []),
    ],
    isTrouble: unreadable.length > 0 || hasOnlyBad,
  };
}

const hint = (path: string, reason: string): string =>
  reason.startsWith('no such file') ? suggestion(path, ['learn', 'inputs', 'rules', 'hunt', 'help']) : '';

const MOST_NAMED = 10;

/** The most asked question of every tool of this kind is "no logs found": say what was found instead. */
function nothingReadable({ skipped, unreadable }: Summary): readonly string[] {
  const isEmpty = skipped.length === 0 && unreadable.length === 0;
  const what = isEmpty
    ? ' (nothing lies in the folders, or only what is hidden)'
    : skipped.length > 0
      ? '; found instead:'
      : '';
  return [
    `nothing that can be read${what}`,
    ...skipped.slice(0, MOST_NAMED).map(({ path, reason }) => `  ${path}: ${reason}`),
    ...(skipped.length > MOST_NAMED ? [`  … and ${skipped.length - MOST_NAMED} more`] : []),
    'it reads Zeek logs (TSV or JSON), Suricata EVE and exports of Windows events (Sysmon, Security; JSON, XML, CSV), also packed with gzip or zstd',
  ];
}

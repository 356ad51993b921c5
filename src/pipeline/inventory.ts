import { spanOver } from '../baseline/acquaintance.ts';
import type { Found, Unread } from '../input/sources.ts';
import { durationText } from '../value/duration.ts';
import { inTextOrder } from '../value/order.ts';
import { sum } from '../value/sum.ts';
import { isoTime, MINUTE } from '../value/time.ts';
import type { SourceReport } from './source-report.ts';

/** One file or stream: how it was read, or why it was not. */
export interface Entry {
  readonly path: string;
  readonly status: 'read' | 'skipped' | 'unreadable';
  readonly format?: string;
  /** The tool or version that writes so, or how the text is laid out. */
  readonly dialect?: string;
  readonly log?: string;
  readonly records?: number;
  /** Lines that are no records of their log. */
  readonly bad?: number;
  /** Sound records of logs that no rule reads. */
  readonly passed?: number;
  readonly from?: string;
  readonly to?: string;
  readonly bytes?: number;
  /** Why it was not read, or not to its end. */
  readonly reason?: string;
  /** What may be wrong with its times, or missing. */
  readonly doubts?: readonly string[];
}

/** Everything that was met, in the order of names. */
export function inventoryOf(reports: readonly SourceReport[], { unreadable, skipped }: Found): readonly Entry[] {
  const unread = (status: Entry['status'], all: readonly Unread[]): readonly Entry[] =>
    all.map(({ path, reason }) => ({ path, status, reason }));
  const all = [...reports.map(entryOf), ...unread('unreadable', unreadable), ...unread('skipped', skipped)];
  return all.sort((one, other) => inTextOrder(one.path, other.path));
}

function entryOf(report: SourceReport): Entry {
  const { source, formats, logs, spans, passed, bad, broken } = report;
  const skipped = reasonToSkip(report);
  const span = spanOver(spans.values());
  const dialect = dialectOf(report);
  const doubts = doubtsOf(report);
  const log = (logs.size > 0 ? logs : passed).keys();
  const records = sum(logs.values());
  const reason = skipped ?? (broken !== undefined && records > 0 ? reasonAfter(broken, records) : broken);
  return {
    path: source.name,
    status: broken !== undefined ? 'unreadable' : skipped !== undefined ? 'skipped' : 'read',
    ...(formats.length > 0 && { format: formats.join(',') }),
    ...(dialect !== '' && { dialect }),
    ...(formats.length > 0 && { log: [...log].sort().join(','), records, bad, passed: sum(passed.values()) }),
    ...(span && { from: isoTime(span.from), to: isoTime(span.to) }),
    ...(source.size !== undefined && { bytes: source.size }),
    ...(reason !== undefined && { reason }),
    ...(doubts.length > 0 && { doubts }),
  };
}

const reasonAfter = (broken: string, records: number): string =>
  `${broken}; the ${records} records before that were read`;

/** Why nothing of a source was of use; undefined where something was, or where it broke. */
function reasonToSkip({ nature, formats, logs, passed, bad, broken }: SourceReport): string | undefined {
  if (nature !== undefined) return nature;
  const isUsed = formats.length > 0 && (logs.size > 0 || bad > 0 || passed.size === 0);
  if (isUsed || broken !== undefined) return undefined;
  const others = [...passed.keys()].sort();
  return others.length === 0 ? 'none of its records is of a format that is read' : `no rule reads ${others.join(', ')}`;
}

const dialectOf = ({ dialects, shape }: SourceReport): string =>
  (shape === 'XML' || shape === 'CSV' ? [shape] : [...dialects, ...(shape === undefined ? [] : [shape])]).join(', ');

/** Before that nobody logged: 1980. */
const EARLIEST = Date.UTC(1980) * 1000;
/** Two clocks on one machine agree better than that. */
const MOST_APART = 10 * MINUTE;

function doubtsOf({ spans, doubts, passed }: SourceReport): readonly string[] {
  const starts = spans.get('sysmon-1');
  const connections = spans.get('sysmon-3');
  const apart = starts && connections ? Math.max(starts.from - connections.to, connections.from - starts.to) : 0;
  return [
    ...doubts,
    ...([...spans.values()].some(span => span.to < EARLIEST)
      ? ['its times count from 0 and not from 1970: a capture without its date']
      : []),
    ...(apart > MOST_APART ? [`its events 3 are ${durationText(apart)} apart from its events 1: another clock`] : []),
    ...(passed.has('sysmon-255') ? ['Sysmon says that it lost events (255)'] : []),
    ...[...passed.keys()].filter(log => log.endsWith('whose times are local')).map(log => `not used: ${log}`),
  ];
}

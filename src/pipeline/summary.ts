import type { Span } from '../baseline/acquaintance.ts';
import type { Baseline } from '../baseline/baseline.ts';
import type { Doubt } from '../baseline/doubts.ts';
import { NONE } from '../baseline/row.ts';
import type { AttributionReport } from '../correlate/attribution.ts';
import type { Sorted } from '../correlate/suppress.ts';
import { type EventKind, eventKinds } from '../event/event.ts';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { Unread } from '../input/sources.ts';
import type { Address } from '../value/address.ts';
import { type Level, levels } from '../value/level.ts';
import { inTextOrder } from '../value/order.ts';
import { sum } from '../value/sum.ts';
import { isoTime } from '../value/time.ts';
import type { Blind } from './blindness.ts';
import type { Entry } from './inventory.ts';
import type { SourceReport } from './source-report.ts';

/** What a run read, found, and could not see. */
export interface Summary {
  readonly schema: '1.0';
  readonly inputs: readonly Input[];
  /** Files that are no logs, or logs that no rule reads. */
  readonly skipped: readonly Unread[];
  readonly unreadable: readonly Unread[];
  readonly records: Readonly<Partial<Record<EventKind, number>>>;
  /** Lines that are no records of their log. */
  readonly bad: number;
  /** Records that lie outside of `--since` and `--until`. */
  readonly outside: number;
  readonly span?: { readonly from: string; readonly to: string };
  /** Local hosts that were met. */
  readonly hosts: number;
  /** What came to local hosts from outside. */
  readonly inbound: { readonly contacts: number; readonly unanswered: number; readonly hosts: number };
  /** Flows that two sensors saw, or that stand in two logs: each counts once. */
  readonly folded: number;
  readonly findings: Readonly<Record<Level, number>>;
  /** What findings of this run belong to, the weightiest first. */
  readonly incidents: readonly Incident[];
  /** Where a baseline is kept: findings that earlier runs have told and that still stand, files without anything new, and files that were rewritten since, and so count once more. */
  readonly known?: number;
  readonly unchanged?: number;
  readonly rewritten?: readonly string[];
  /** Files that were renamed while they were read: the next run reads them. */
  readonly moved?: readonly string[];
  /** With suppressions: how many findings they cover, and which entries cover none or have expired. */
  readonly suppression?: Pick<Sorted, 'idle'> & { readonly suppressed: number };
  /** Whose the flows were of machines that an endpoint sensor speaks of, where there are such. */
  readonly attribution?: AttributionReport;
  readonly blind: readonly Blind[];
  /** What the sensors missed of the traffic, and how many pieces of evidence are not told by which rules because that explains them as well. */
  readonly doubts: readonly Doubt[];
  readonly silenced: Readonly<Record<string, number>>;
  /** Signs of so many different parties that they could not all be kept. */
  readonly dropped: number;
  /**
   * What had no room in the baseline: so many values, of so many hosts, of which nobody can say what is new to them; and
   * whether there were more names than can be told apart.
   */
  readonly forgotten: { readonly values: number; readonly hosts: number; readonly names: boolean };
}

/** What was read, as far as it was. */
type Input = Omit<Entry, 'status' | 'reason'>;

interface Run {
  readonly reports: readonly SourceReport[];
  readonly inventory: readonly Entry[];
  readonly records: ReadonlyMap<EventKind, number>;
  readonly baseline: Baseline;
  readonly span: Span | undefined;
  readonly findings: readonly Finding[];
  readonly incidents: readonly Incident[];
  readonly blind: readonly Blind[];
  readonly doubts: readonly Doubt[];
  readonly silenced: ReadonlyMap<string, number>;
  readonly dropped: number;
  readonly forgotten: ReadonlyMap<Address, number>;
  readonly attribution: AttributionReport | undefined;
  readonly suppression?: Summary['suppression'];
  readonly kept: Pick<Summary, 'known' | 'unchanged' | 'rewritten' | 'moved'>;
}

export function summaryOf({
  reports,
  inventory,
  records,
  baseline,
  span,
  findings,
  incidents,
  blind,
  doubts,
  silenced,
  dropped,
  forgotten,
  suppression,
  attribution,
  kept,
}: Run): Summary {
  return {
    schema: '1.0',
    inputs: inventory.flatMap(({ status, reason, ...input }) =>
      input.format === undefined || status === 'skipped' ? [] : [input],
    ),
    skipped: unreadIn(inventory, 'skipped'),
    unreadable: unreadIn(inventory, 'unreadable'),
    records: Object.fromEntries(eventKinds.flatMap(kind => (records.has(kind) ? [[kind, records.get(kind)]] : []))),
    bad: sum(reports.map(({ bad }) => bad)),
    outside: sum(reports.map(({ outside }) => outside)),
    ...(span && { span: timesOf(span) }),
    hosts: baseline.hosts,
    inbound: inboundOf(baseline),
    folded: baseline.folded,
    findings: Object.fromEntries(
      levels.map(level => [level, findings.filter(finding => finding.oddtalk.level === level).length]),
    ) as Record<Level, number>,
    incidents,
    ...kept,
    ...(suppression && { suppression }),
    ...(attribution && { attribution }),
    blind,
    doubts: doubts.map(({ share, ...doubt }) => ({ ...doubt, share: Number(share.toFixed(3)) })),
    silenced: Object.fromEntries([...silenced].sort(([one], [other]) => inTextOrder(one, other))),
    dropped,
    forgotten: { values: sum(forgotten.values()), hosts: forgotten.size, names: baseline.symbols.isFull },
  };
}

const unreadIn = (inventory: readonly Entry[], wanted: Entry['status']): readonly Unread[] =>
  inventory.flatMap(({ path, status, reason = '' }) => (status === wanted ? [{ path, reason }] : []));

function inboundOf(baseline: Baseline): Summary['inbound'] {
  const rows = baseline.rows('inbound');
  return {
    contacts: sum(rows.map(({ count }) => count)),
    unanswered: sum(rows.filter(({ port }) => port === NONE).map(({ count }) => count)),
    hosts: new Set(rows.map(({ entity }) => entity)).size,
  };
}

const timesOf = ({ from, to }: Span) => ({ from: isoTime(from), to: isoTime(to) });

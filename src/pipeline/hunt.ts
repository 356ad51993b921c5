import { availableParallelism } from 'node:os';
import { spanOver, type Warmup } from '../baseline/acquaintance.ts';
import type { Assets } from '../baseline/assets.ts';
import { type Baseline, createBaseline } from '../baseline/baseline.ts';
import type { Doubts } from '../baseline/doubts.ts';
import type { Database } from '../baseline/store/database.ts';
import { type Conclusion, findingsOf, type Testimony } from '../correlate/findings.ts';
import type { Ledger } from '../correlate/ledger.ts';
import { type Suppression, suppress } from '../correlate/suppress.ts';
import { isCatching, suspectsIn } from '../correlate/suspects.ts';
import type { Told } from '../correlate/told.ts';
import type { EventKind } from '../event/event.ts';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import type { Progress, Resumption } from '../input/progress.ts';
import { bundlesOf, type Cut, cutFor, segmentsOf } from '../input/segments.ts';
import type { Found } from '../input/sources.ts';
import { createSymbols } from '../kernel/symbols.ts';
import { createNetworks } from '../value/address.ts';
import { joinInto } from '../value/joined.ts';
import { add } from '../value/sum.ts';
import { DAY, dayText, isoTime, type Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import { blindnessOf } from './blindness.ts';
import { type Crew, observeAll } from './crew.ts';
import { type Doubted, doubted, doubtsIn } from './doubted.ts';
import { createGathering } from './gathering.ts';
import { type Entry, inventoryOf } from './inventory.ts';
import { keptKnowledge } from './kept-knowledge.ts';
import { createKnowledge } from './knowledge.ts';
import type { Task } from './observe-segment.ts';
import { readingOrder, watchedBy } from './reading-order.ts';
import { Memory } from './recognition.ts';
import type { Refusals } from './refusals.ts';
import { keptSources } from './sources-read.ts';
import { type Summary, summaryOf } from './summary.ts';

export interface HuntSettings extends Task, Omit<Crew, 'symbols' | 'memory'> {
  readonly found: Found;
  readonly warmup: Warmup;
  /** When the findings are made; undefined leaves it out. */
  readonly created: Micros | undefined;
  /** What earlier runs have left, and this one leaves; undefined: nothing. */
  readonly kept?: Kept;
  readonly suppressions?: readonly Suppression[];
  readonly assets?: Assets;
  /** How plain files are cut; undefined: as it serves. */
  readonly cut?: Cut;
  /** A source has been read; these of its lines were no records. */
  read(source: string, refusals: Refusals): void;
}

/** A baseline's file, and what has been told of it. */
export interface Kept {
  readonly database: Database;
  readonly told: Told;
  /** No event is later than that, whatever its sensor's clock said. */
  readonly latest?: Micros;
  /** All that there are, whichever are asked. */
  readonly rules?: readonly ActiveRule[];
}

export interface Hunt {
  /** Those that nobody has been told of yet. */
  readonly findings: readonly Finding[];
  /** Those that nobody wants to hear of. */
  readonly suppressed: readonly Finding[];
  /** What findings of this run belong to, with what earlier runs have told of it. */
  readonly incidents: readonly Incident[];
  readonly summary: Summary;
  /** What was met, read or not. */
  readonly inventory: readonly Entry[];
}

/** The whole way of the data: observe each segment, learn what is left of them, conclude, and sum up. */
export async function hunt(settings: HuntSettings): Promise<Hunt> {
  const {
    found,
    rules,
    since,
    until,
    localNets,
    warmup,
    created,
    cut,
    jobs,
    maxRows,
    kept,
    suppressions = [],
    assets,
  } = settings;
  const symbols = createSymbols();
  const networks = localNets && createNetworks(localNets);
  const sources = kept && keptSources(kept.database);
  const resumed = await sources?.resume(found.sources);
  const toRead = resumed?.filter(isToBeRead).map(({ source }) => source) ?? found.sources;
  const knowledge =
    kept && sources
      ? keptKnowledge(kept.database, sources, symbols, networks, kept.latest)
      : createKnowledge(symbols, networks, maxRows);
  const records = new Map<EventKind, number>();
  const gathering = createGathering(settings.read);

  const pieces = cut ?? cutFor(toRead, jobs ?? availableParallelism());
  // What a rule does not look at now it never will: so all look, whichever are asked.
  const everybody = kept?.rules ?? rules;
  const crew = { ...settings, symbols, memory: new Memory() };
  let place = 0;
  for (const { sources, watches } of await readingOrder(toRead)) {
    const { bundles, next } = bundlesOf(await segmentsOf(sources, pieces), pieces, place);
    const task = { rules: everybody, since, until, localNets, maxRows, watched: watchedBy(watches, knowledge) };
    for await (const observed of observeAll(bundles, task, crew)) {
      for (const part of observed.parts) gathering.add(part);
      await knowledge.learn(observed, gathering.places);
      for (const [kind, count] of observed.records) joinInto(records, kind, count, add);
    }
    place = next;
  }
  gathering.finish();
  const { reports } = gathering;

  const { store, ledger, locality, spans, places, movedAway, attribution, ownersOfFlow } = knowledge.recall(
    gathering.places,
  );
  const baseline = createBaseline({ store, symbols, locality, spans, warmup, ownersOfFlow, ...(assets && { assets }) });
  const doubts = doubtsIn(baseline, ledger);
  let silenced: readonly Silenced[] = [];
  const conclude = (by: Baseline): Conclusion => {
    const testimonies = everybody.map(active => testimonyOf(active, { ledger, baseline: by, doubts }));
    silenced = testimonies.filter(testimony => testimony.silenced > 0);
    return findingsOf(testimonies, { baseline: by, segments: places, created });
  };
  const first = conclude(baseline);
  const isSuspect = suspectsIn(first.drafts, symbols, kept?.told.benign() ?? new Set());
  // What is odd does not become normal by being seen: others are held against what is left.
  const matters = isSuspect && isCatching(baseline.rows('talker'), isSuspect);
  const { drafts: standing, incidents } = matters ? conclude(baseline.suspecting(isSuspect)) : first;
  const asked = new Set(rules.map(({ rule }) => rule.id));
  const wanted = standing.filter(({ rule }) => asked.has(rule));
  const span = baseline.span('sensor') ?? baseline.span('process-connect');
  const latest = span?.to ?? 0;
  const now = Math.min(latest, kept?.latest ?? latest);
  const read = spanOver(reports.flatMap(({ spans }) => [...spans.values()]));
  const { told, suppressed, idle } = suppress(wanted, suppressions, now);
  const { findings, known } = kept?.told.newsOf(told, {
    standing: new Set(standing.map(({ id }) => id)),
    rules: asked,
    settledBefore: isoTime(Math.max(0, now - SETTLED_AFTER)),
    today: dayText(isoTime(now)),
    readFrom: isoTime(Math.max(0, Math.min(now, read?.from ?? now))),
  }) ?? { findings: told.map(({ written }) => written()), known: 0 };
  const blind = blindnessOf(
    rules,
    reports.flatMap(({ coverage }) => coverage),
    baseline,
  );
  const inventory = inventoryOf(reports, found);
  const touched = new Set(findings.flatMap(({ oddtalk }) => oddtalk.incident ?? []));
  const news = incidents.filter(({ id }) => touched.has(id));
  return {
    findings,
    suppressed,
    incidents: news,
    inventory,
    summary: summaryOf({
      ...(suppressions.length > 0 && { suppression: { suppressed: suppressed.length, idle } }),
      ...{ reports, inventory, records, baseline, span, findings, blind },
      dropped: ledger.dropped,
      attribution,
      incidents: news,
      ...{
        doubts: doubts.bySensor,
        silenced: new Map(silenced.filter(({ rule }) => asked.has(rule.id)).map(each => [each.rule.id, each.silenced])),
      },
      forgotten: store.forgotten,
      kept: resumed ? { known, ...aboutSources(resumed), moved: movedAway } : {},
    }),
  };
}

/** A value's days are known for 32 days back from its last one (`baseline/days.ts`). */
const SETTLED_AFTER = 25 * DAY;

/** Not where nothing is new, or nothing but the beginning of a line. */
const isToBeRead = ({ kind, source: { part } }: Resumption<Progress>): boolean =>
  kind !== 'same' && (part === undefined || part.from !== part.to);

const aboutSources = (resumed: readonly Resumption<Progress>[]) => ({
  unchanged: resumed.filter(({ kind }) => kind === 'same').length,
  rewritten: resumed.flatMap(found => (found.kind === 'new' && found.instead ? [found.source.name] : [])),
});

type Silenced = Pick<Testimony, 'rule'> & Pick<Doubted, 'silenced'>;

/** What a rule saw in single events and still stands by, and what the baseline shows it, as far as the sensors are to be believed. */
function testimonyOf(
  { rule, detector, options }: ActiveRule,
  { ledger, baseline, doubts }: { readonly ledger: Ledger; readonly baseline: Baseline; readonly doubts: Doubts },
): Testimony & Pick<Doubted, 'silenced'> {
  const seen = ledger.of(rule.id).flatMap(evidence => {
    const settled = detector.settle?.(evidence, options, baseline) ?? true;
    if (typeof settled === 'boolean') return settled ? [evidence] : [];
    return [{ ...evidence, sign: settled }];
  });
  const concluded = detector.conclude?.(baseline, options) ?? [];
  return { rule, ...doubted([...seen, ...concluded], detector.fooledBy ?? [], doubts, baseline) };
}

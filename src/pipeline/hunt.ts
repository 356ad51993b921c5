import { availableParallelism } from 'node:os';
import { joinedSpans, type Span, type Warmup } from '../baseline/acquaintance.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { createBaseline } from '../baseline/baseline.ts';
import { createLocality } from '../baseline/locality.ts';
import { createMemoryStore } from '../baseline/store/memory.ts';
import { findingsOf, type Testimony } from '../correlate/findings.ts';
import { createLedger, type Ledger } from '../correlate/ledger.ts';
import type { EventKind } from '../event/event.ts';
import type { Finding } from '../finding/finding.ts';
import { bundlesOf, type Cut, cutFor, segmentsOf } from '../input/segments.ts';
import type { Found } from '../input/sources.ts';
import { createSymbols } from '../kernel/symbols.ts';
import { createNetworks } from '../value/address.ts';
import { joinInto } from '../value/joined.ts';
import { add } from '../value/sum.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import { blindnessOf } from './blindness.ts';
import { type Crew, observeAll } from './crew.ts';
import { createGathering } from './gathering.ts';
import { type Entry, inventoryOf } from './inventory.ts';
import type { Task } from './observe-segment.ts';
import { Memory } from './recognition.ts';
import type { Refusals } from './refusals.ts';
import { type Summary, summaryOf } from './summary.ts';

export interface HuntSettings extends Task, Omit<Crew, 'symbols' | 'memory'> {
  readonly found: Found;
  readonly warmup: Warmup;
  /** When the findings are made; undefined leaves it out. */
  readonly created: Micros | undefined;
  /** How plain files are cut; undefined: as it serves. */
  readonly cut?: Cut;
  /** A source has been read; these of its lines were no records. */
  read(source: string, refusals: Refusals): void;
}

export interface Hunt {
  readonly findings: readonly Finding[];
  readonly summary: Summary;
  /** What was met, read or not. */
  readonly inventory: readonly Entry[];
}

/** The whole way of the data: observe each segment, merge what is left of them, conclude, and sum up. */
export async function hunt(settings: HuntSettings): Promise<Hunt> {
  const { found, rules, since, until, localNets, warmup, created, cut, jobs, maxRows } = settings;
  const symbols = createSymbols();
  const store = createMemoryStore(maxRows);
  const locality = createLocality(symbols, localNets && createNetworks(localNets));
  const ledger = createLedger(locality);
  const spans = new Map<EventKind, Span>();
  const records = new Map<EventKind, number>();
  const gathering = createGathering(settings.read);

  const { sources } = found;
  const pieces = cut ?? cutFor(sources, jobs ?? availableParallelism());
  const bundles = bundlesOf(await segmentsOf(sources, pieces), pieces);
  const task = { rules, since, until, localNets, maxRows };
  for await (const observed of observeAll(bundles, task, { ...settings, symbols, memory: new Memory() })) {
    for (const part of observed.parts) gathering.add(part);
    store.merge({ writer: 'hunt', sequence: observed.parts[0].place }, observed.rows);
    ledger.merge(observed.ledger);
    locality.merge(observed.locality);
    for (const [kind, span] of observed.spans) joinInto(spans, kind, span, joinedSpans);
    for (const [kind, count] of observed.records) joinInto(records, kind, count, add);
  }
  gathering.finish();
  const { reports, places } = gathering;

  const baseline = createBaseline({ store, symbols, locality, spans, warmup });
  const testimonies = rules.map(active => testimonyOf(active, ledger, baseline));
  const findings = findingsOf(testimonies, { baseline, segments: places, created });
  const blind = blindnessOf(
    rules,
    reports.flatMap(({ coverage }) => coverage),
    baseline,
  );
  const inventory = inventoryOf(reports, found);
  return {
    findings,
    inventory,
    summary: summaryOf({
      reports,
      inventory,
      records,
      baseline,
      findings,
      blind,
      dropped: ledger.dropped,
      forgotten: store.forgotten,
    }),
  };
}

/** What a rule saw in single events and still stands by, and what the baseline shows it. */
function testimonyOf({ rule, detector, options }: ActiveRule, ledger: Ledger, baseline: Baseline): Testimony {
  const seen = ledger.of(rule.id).filter(evidence => detector.settle?.(evidence, options, baseline) ?? true);
  const concluded = detector.conclude?.(baseline, options) ?? [];
  return { rule, evidence: [...seen, ...concluded] };
}

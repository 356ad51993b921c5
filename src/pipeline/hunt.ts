import type { Readable } from 'node:stream';
import { joinedSpans, type Span, type Warmup } from '../baseline/acquaintance.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { createBaseline } from '../baseline/baseline.ts';
import { createLocality } from '../baseline/locality.ts';
import { createMemoryStore } from '../baseline/store/memory.ts';
import type { Witness } from '../baseline/traits.ts';
import { findingsOf, type Testimony } from '../correlate/findings.ts';
import { createLedger, type Ledger } from '../correlate/ledger.ts';
import type { EventKind } from '../event/event.ts';
import type { Finding } from '../finding/finding.ts';
import type { Found } from '../input/sources.ts';
import { createSymbols } from '../kernel/symbols.ts';
import type { Networks } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import { blindnessOf } from './blindness.ts';
import { createObserver } from './observer.ts';
import { readSource, type SourceReport } from './read-source.ts';
import { type Summary, summaryOf } from './summary.ts';

export interface HuntSettings {
  readonly found: Found;
  readonly stdin: Readable;
  readonly rules: readonly ActiveRule[];
  readonly warmup: Warmup;
  /** What lies before or after is not read. */
  readonly since: Micros | undefined;
  readonly until: Micros | undefined;
  readonly localNets: Networks | undefined;
  /** When the findings are made; undefined leaves it out. */
  readonly created: Micros | undefined;
  /** A line that is no record. */
  refused(source: string, line: number, reason: string): void;
}

export interface Hunt {
  readonly findings: readonly Finding[];
  readonly summary: Summary;
}

/** The whole way of the data: observe each source, merge what is left of them, conclude, and sum up. */
export async function hunt(settings: HuntSettings): Promise<Hunt> {
  const { found, rules, localNets, warmup, created } = settings;
  const symbols = createSymbols();
  const store = createMemoryStore();
  const locality = createLocality(symbols, localNets);
  const ledger = createLedger(locality);
  const spans = new Map<Witness, Span>();
  const records = new Map<EventKind, number>();
  const reports: SourceReport[] = [];

  for (const [index, source] of found.sources.entries()) {
    const observer = createObserver({ rules, symbols, localNets, source: index });
    const report = await readSource(source, {
      symbols,
      stdin: settings.stdin,
      refused: (reason, line) => settings.refused(source.name, line, reason),
      event(event, place) {
        if (settings.since !== undefined && event.time < settings.since) return false;
        if (settings.until !== undefined && event.time >= settings.until) return false;
        observer.see(event, place);
        return true;
      },
    });
    reports.push(report);
    store.merge({ writer: 'hunt', sequence: index }, observer.rows);
    ledger.merge(observer.ledger);
    locality.merge(observer.locality);
    for (const [witness, span] of observer.spans()) spans.set(witness, joinedSpans(spans.get(witness) ?? span, span));
    for (const [kind, count] of observer.records()) records.set(kind, (records.get(kind) ?? 0) + count);
  }

  const baseline = createBaseline({ store, symbols, locality, spans, warmup });
  const testimonies = rules.map(active => testimonyOf(active, ledger, baseline));
  const findings = findingsOf(testimonies, { baseline, sources: found.sources.map(({ name }) => name), created });
  const blind = blindnessOf(
    rules,
    reports.flatMap(({ coverage }) => coverage),
    baseline,
  );
  return {
    findings,
    summary: summaryOf({ reports, found, records, baseline, findings, blind, dropped: ledger.dropped }),
  };
}

/** What a rule saw in single events and still stands by, and what the baseline shows it. */
function testimonyOf({ rule, detector, options }: ActiveRule, ledger: Ledger, baseline: Baseline): Testimony {
  const seen = ledger.of(rule.id).filter(evidence => detector.settle?.(evidence, options, baseline) ?? true);
  const concluded = detector.conclude?.(baseline, options) ?? [];
  return { rule, evidence: [...seen, ...concluded] };
}

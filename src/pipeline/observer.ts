import type { Span } from '../baseline/acquaintance.ts';
import { createLocality, type Locality } from '../baseline/locality.ts';
import { createRows, NONE, type Rows } from '../baseline/rows.ts';
import { traitsOf, type Witness, witnessOf } from '../baseline/traits.ts';
import { createLedger, type Ledger } from '../correlate/ledger.ts';
import type { Place } from '../decode/reading.ts';
import type { EventKind, LogEvent } from '../event/event.ts';
import type { Parties } from '../finding/evidence.ts';
import { ABSENT, type Symbols } from '../kernel/symbols.ts';
import type { Networks } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';

/** Where an event stands, among all sources. */
interface SourcePlace extends Place {
  /** The source's place in the list of sources. */
  readonly source: number;
}

/** What a segment leaves behind: everything else about its lines is forgotten. */
interface Observation {
  readonly rows: Rows;
  readonly ledger: Ledger;
  readonly locality: Locality;
  readonly spans: ReadonlyMap<Witness, Span>;
  readonly records: ReadonlyMap<EventKind, number>;
}

export interface Observer extends Observation {
  see(event: LogEvent, place: SourcePlace): void;
}

export interface ObserverSettings {
  readonly rules: readonly ActiveRule[];
  readonly symbols: Symbols;
  readonly localNets: Networks | undefined;
}

/** Learns from every event, and lets every rule that looks at its kind look at it. */
export function createObserver({ rules, symbols, localNets }: ObserverSettings): Observer {
  const rows = createRows();
  const locality = createLocality(symbols, localNets);
  const ledger = createLedger(locality);
  const spans = new Map<Witness, Span>();
  const records = new Map<EventKind, number>();
  const attention = attentionOf(rules);

  const learn = (event: LogEvent, traits: Attention['traits'], { source, log, line }: SourcePlace): void => {
    for (const { id, sight } of traits) {
      const seen = sight(event, locality);
      if (!seen) continue;
      const key = {
        trait: id,
        entity: seen.entity,
        peer: seen.peer ?? NONE,
        port: seen.port ?? NONE,
        transport: seen.transport === undefined ? ABSENT : symbols.of(seen.transport),
        name: seen.name === undefined ? ABSENT : symbols.of(seen.name),
      };
      rows.note(key, event.time, seen.bytes ?? 0, { source, log: symbols.of(log), line, uid: event.uid });
    }
  };

  const watch = (event: LogEvent, watchers: Attention['watchers'], { source, log, line }: SourcePlace): void => {
    for (const { rule, detector, options } of watchers) {
      const sign = detector.detect?.(event, options);
      if (sign) ledger.note(rule.id, sign, partiesOf(event), { source, log, line, time: event.time, uid: event.uid });
    }
  };

  return {
    rows,
    ledger,
    locality,
    spans,
    records,
    see(event, place) {
      records.set(event.kind, (records.get(event.kind) ?? 0) + 1);
      const witness = witnessOf(event.kind);
      spans.set(witness, spanWith(spans.get(witness), event.time));
      const { traits, watchers } = attention(event.kind, place.fields);
      learn(event, traits, place);
      watch(event, watchers, place);
    },
  };
}

/** Who looks at an event. */
interface Attention {
  readonly traits: ReturnType<typeof traitsOf>;
  readonly watchers: readonly ActiveRule[];
}

/** Everybody who looks at a kind of event and finds there what he needs: who lacks a field is blind, and must not guess. */
function attentionOf(
  rules: readonly ActiveRule[],
): (kind: EventKind, fields: ReadonlySet<string> | undefined) => Attention {
  const all: ReadonlySet<string> = new Set();
  const known = new Map<ReadonlySet<string>, Map<EventKind, Attention>>();
  return (kind, fields = all) => {
    const kinds = known.get(fields) ?? new Map<EventKind, Attention>();
    const attention = kinds.get(kind) ?? {
      traits: traitsOf(kind).filter(({ needs }) => fields === all || needs.every(need => fields.has(need))),
      watchers: rules.filter(({ detector }) => {
        const needs = detector.needs[kind];
        return detector.detect && needs && (fields === all || needs.every(need => fields.has(need)));
      }),
    };
    known.set(fields, kinds.set(kind, attention));
    return attention;
  };
}

export const spanWith = (span: Span | undefined, time: Micros): Span => {
  if (!span) return { from: time, to: time };
  if (time >= span.from && time <= span.to) return span;
  return { from: Math.min(span.from, time), to: Math.max(span.to, time) };
};

function partiesOf(event: LogEvent): Parties {
  switch (event.kind) {
    case 'flow':
    case 'dns':
    case 'http':
    case 'tls':
    case 'weird':
    case 'process-connect':
      return {
        originator: event.originator,
        responder: event.responder,
        port: event.responderPort,
        transport: event.transport,
      };
    case 'process-start':
    case 'process-dns':
      return { originator: event.host, responder: undefined, port: undefined, transport: undefined };
  }
}

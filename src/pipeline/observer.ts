import { joinedSpans, type Span } from '../baseline/acquaintance.ts';
import { createLocality, type Locality } from '../baseline/locality.ts';
import type { PackedRows } from '../baseline/packed-rows.ts';
import { createRows } from '../baseline/rows.ts';
import { traitsOf } from '../baseline/traits.ts';
import type { Encounters } from '../correlate/encounters.ts';
import { createLedger, type Entries } from '../correlate/ledger.ts';
import type { Origin, Reader } from '../decode/reading.ts';
import type { EventKind, LogEvent } from '../event/event.ts';
import { onlyHost, type Parties } from '../finding/evidence.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Networks } from '../value/address.ts';
import { joinedBy } from '../value/joined.ts';
import { PairMap } from '../value/pair-map.ts';
import { add, sum } from '../value/sum.ts';
import type { Micros } from '../value/time.ts';
import { type ActiveRule, needsOf, watchersOf } from './active-rule.ts';
import { type Audience, createAudience, type Tally } from './audience.ts';
import { captureListener } from './doubted.ts';
import { createEncountering, type Watched } from './encountering.ts';
import { type Memory, Recognition } from './recognition.ts';
import type { SourceReport } from './source-report.ts';

/** What segments leave behind: everything else about their lines is forgotten. */
export interface Observation {
  readonly rows: PackedRows;
  readonly ledger: Entries;
  readonly locality: Pick<Locality, 'declared'>;
  /** What endpoints and sensors met, which is yet to be joined. */
  readonly encounters: Encounters;
  /** When the events of each kind happened that anybody looks at. */
  readonly spans: ReadonlyMap<EventKind, Span>;
  /** How many events of each kind there were. */
  readonly records: ReadonlyMap<EventKind, number>;
}

export interface Observer extends Pick<Reader, 'watcherOf'> {
  /** From now on events are of the segment with that place in the list of segments. */
  begin(place: number): void;
  /** How many events it has seen. */
  readonly total: number;
  /** How many of them were like one before, so that nobody had to look at them. */
  readonly recognised: number;
  /** What it has seen so far. */
  observation(): Observation;
  /** By log, for the report on the segment: what it has seen since that began. */
  counts(): Pick<SourceReport, 'logs' | 'spans' | 'outside'>;
}

export interface ObserverSettings {
  readonly rules: readonly ActiveRule[];
  readonly symbols: Symbols;
  readonly localNets: Networks | undefined;
  /** What lies before or after is not looked at. */
  readonly since: Micros;
  readonly until: Micros;
  /** How many rows the baseline may have. */
  readonly maxRows: number | undefined;
  readonly memory: Memory;
  /** The machines of which every flow is to be known by itself. */
  readonly watched?: Watched;
}

/** Learns from every event, and lets every rule that looks at its kind look at it. */
export function createObserver(settings: ObserverSettings): Observer {
  const { rules, symbols, localNets, maxRows, memory, watched } = settings;
  const rows = createRows(maxRows, () => recognition.rearrange());
  const recognition = new Recognition(rows, memory);
  const locality = createLocality(symbols, localNets);
  const ledger = createLedger(locality);
  const { encounters, listenerFor } = createEncountering(watched, symbols);
  /** One for each log with the same fields, however many headers name them; and a short way for one that came before. */
  const byText = new Map<string, Audience>();
  let audiences = new PairMap<Origin['fields'], string, Audience>();
  const audienceOf = (origin: Origin): Audience => {
    const text = [origin.log, ...(origin.fields ?? ['any field'])].join();
    const audience = byText.get(text) ?? gather(origin, text);
    byText.set(text, audience);
    return audience;
  };
  const tallied = (of: (audience: Audience) => Tally): readonly Tallied[] =>
    [...byText.values()]
      .map(audience => ({ ...audience, tally: of(audience) }))
      .filter(({ tally }) => tally.records > 0);
  const place = { segment: 0 };

  const gather = (origin: Origin, text: string): Audience => {
    const { kind, fields, log } = origin;
    // Who lacks a field is blind, and must not guess.
    const isTold = (needs: readonly string[] | undefined): boolean =>
      needs?.every(need => fields?.has(need) ?? true) ?? false;
    return createAudience(origin, {
      ...settings,
      ...{ place, rows, locality, recognition, name: text, encounter: listenerFor(kind, log, place) },
      traits: traitsOf(kind).filter(({ needs }) => isTold(needs)),
      watchers: [...rules, captureListener]
        .flatMap(rule => watchersOf(rule, kind))
        .filter(watcher => isTold(needsOf(watcher, kind))),
      testify({ rule }, sign, event, line) {
        const { time, uid } = event;
        const mark = kind === 'flow' ? event.mark : undefined;
        const { item } = sign;
        if (sign.isOwnDoing && event.kind === 'flow' && !locality.isOriginatorLocal(event)) return;
        // What is counted is known by its text: the numbers of addresses depend on what was read first.
        const text = typeof item === 'number' ? symbols.addressText(item) : item;
        ledger.note(rule.id, sign, partiesOf(event), { segment: place.segment, log, line, time, uid }, mark, text);
      },
    });
  };

  return {
    get recognised() {
      return recognition.recognised;
    },
    get total() {
      return sum([...byText.values()].map(({ all }) => all.records));
    },
    begin(segment) {
      place.segment = segment;
      audiences = new PairMap();
      for (const { here } of byText.values()) here.clear();
    },
    watcherOf: origin => audiences.at(origin.fields, origin.log, () => audienceOf(origin)).see,
    observation() {
      recognition.end();
      const seen = tallied(({ all }) => all);
      return {
        rows: rows.packed,
        ledger,
        locality,
        encounters,
        spans: joinedBy(
          seen.filter(({ isHeeded }) => isHeeded).map(({ kind, tally }) => [kind, tally.span]),
          joinedSpans,
        ),
        records: joinedBy(
          seen.map(({ kind, tally }) => [kind, tally.records]),
          add,
        ),
      };
    },
    counts() {
      const seen = tallied(({ here }) => here);
      return {
        logs: joinedBy(
          seen.map(({ log, tally }) => [log, tally.records]),
          add,
        ),
        spans: joinedBy(
          seen.map(({ log, tally }) => [log, tally.span]),
          joinedSpans,
        ),
        outside: sum([...byText.values()].map(({ here }) => here.outside)),
      };
    },
  };
}

type Tallied = Pick<Audience, 'log' | 'kind' | 'isHeeded'> & { readonly tally: Tally };

function partiesOf(event: LogEvent): Parties {
  switch (event.kind) {
    case 'flow':
    case 'dns':
    case 'http':
    case 'tls':
    case 'weird':
    case 'mail':
    case 'call':
    case 'session':
    case 'violation':
    case 'tunnel':
    case 'mention':
    case 'process-connect':
      return {
        originator: event.originator,
        responder: event.responder,
        port: event.responderPort,
        transport: event.transport,
      };
    case 'lease':
      return onlyHost(event.address);
    case 'arp':
      return onlyHost(event.sender);
    case 'certificate':
    case 'capture':
      return onlyHost(undefined);
    case 'process-start':
    case 'process-end':
    case 'process-dns':
      return onlyHost(event.host);
  }
}

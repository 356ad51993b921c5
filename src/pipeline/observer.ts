import { joinedSpans, type Span } from '../baseline/acquaintance.ts';
import { createLocality, type Locality } from '../baseline/locality.ts';
import type { PackedRows } from '../baseline/packed-rows.ts';
import { createRows } from '../baseline/rows.ts';
import { traitsOf, type Witness, witnessOf } from '../baseline/traits.ts';
import { createLedger, type Entries } from '../correlate/ledger.ts';
import type { Origin, Reader } from '../decode/reading.ts';
import type { EventKind, LogEvent } from '../event/event.ts';
import type { Parties } from '../finding/evidence.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Networks } from '../value/address.ts';
import { PairMap } from '../value/pair-map.ts';
import { sum } from '../value/sum.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import { type Audience, createAudience } from './audience.ts';
import { type Memory, Recognition } from './recognition.ts';
import type { SourceReport } from './source-report.ts';

/** What a segment leaves behind: everything else about its lines is forgotten. */
export interface Observation {
  readonly rows: PackedRows;
  readonly ledger: Entries;
  readonly locality: Pick<Locality, 'declared'>;
  /** When each witness looked. */
  readonly spans: ReadonlyMap<Witness, Span>;
  /** How many events of each kind there were. */
  readonly records: ReadonlyMap<EventKind, number>;
}

export interface Observer extends Pick<Reader, 'watcherOf'> {
  /** How many events it has seen. */
  readonly total: number;
  /** How many of them were like one before, so that nobody had to look at them. */
  readonly recognised: number;
  /** What it has seen so far. */
  observation(): Observation;
  /** The same by log, for the report on the segment. */
  counts(): Pick<SourceReport, 'logs' | 'span' | 'outside'>;
}

export interface ObserverSettings {
  readonly rules: readonly ActiveRule[];
  readonly symbols: Symbols;
  readonly localNets: Networks | undefined;
  /** What lies before or after is not looked at. */
  readonly since: Micros;
  readonly until: Micros;
  /** The segment's place in the list of segments. */
  readonly segment: number;
  /** How many rows the baseline may have. */
  readonly maxRows: number | undefined;
  readonly memory: Memory;
}

/** Learns from every event, and lets every rule that looks at its kind look at it. */
export function createObserver(settings: ObserverSettings): Observer {
  const { rules, symbols, localNets, segment, maxRows, memory } = settings;
  const rows = createRows(maxRows, () => recognition.rearrange());
  const recognition = new Recognition(rows, memory);
  const locality = createLocality(symbols, localNets);
  const ledger = createLedger(locality);
  /** One for each log with the same fields, however many headers name them; and a short way for one that came before. */
  const byText = new Map<string, Audience>();
  const audiences = new PairMap<Origin['fields'], string, Audience>();
  const audienceOf = (origin: Origin): Audience => {
    const text = [origin.log, ...(origin.fields ?? ['any field'])].join();
    const audience = byText.get(text) ?? gather(origin, text);
    byText.set(text, audience);
    return audience;
  };
  const present = (): readonly Audience[] => [...byText.values()].filter(({ tally }) => tally.records > 0);

  const gather = (origin: Origin, text: string): Audience => {
    const { kind, fields, log } = origin;
    // Who lacks a field is blind, and must not guess.
    const isTold = (needs: readonly string[] | undefined): boolean =>
      needs?.every(need => fields?.has(need) ?? true) ?? false;
    return createAudience(origin, {
      ...settings,
      ...{ rows, locality, recognition, name: text },
      traits: traitsOf(kind).filter(({ needs }) => isTold(needs)),
      watchers: rules.filter(({ detector }) => detector.detect && isTold(detector.needs[kind])),
      testify({ rule }, sign, event, line) {
        ledger.note(rule.id, sign, partiesOf(event), { segment, log, line, time: event.time, uid: event.uid });
      },
    });
  };

  return {
    get recognised() {
      return recognition.recognised;
    },
    get total() {
      return sum(present().map(recordsOf));
    },
    watcherOf: origin => audiences.at(origin.fields, origin.log, () => audienceOf(origin)).see,
    observation() {
      recognition.end();
      return {
        rows: rows.packed,
        ledger,
        locality,
        spans: joinedBy(present(), ({ kind }) => witnessOf(kind), spanOf, joinedSpans),
        records: joinedBy(present(), ({ kind }) => kind, recordsOf, add),
      };
    },
    counts: () => ({
      logs: joinedBy(present(), ({ log }) => log, recordsOf, add),
      span: joinedBy(present(), () => 'all', spanOf, joinedSpans).get('all'),
      outside: sum([...byText.values()].map(({ tally }) => tally.outside)),
    }),
  };
}

const spanOf = ({ tally: { from, to } }: Audience): Span => ({ from, to });
const recordsOf = ({ tally: { records } }: Audience): number => records;
const add = (one: number, other: number): number => one + other;

function joinedBy<Item, Key, Value>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  partOf: (item: Item) => Value,
  join: (one: Value, other: Value) => Value,
): ReadonlyMap<Key, Value> {
  const values = new Map<Key, Value>();
  for (const item of items) {
    const known = values.get(keyOf(item));
    values.set(keyOf(item), known === undefined ? partOf(item) : join(known, partOf(item)));
  }
  return values;
}

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

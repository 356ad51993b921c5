import { joinedSpans, type Span } from '../baseline/acquaintance.ts';
import { createLocality, type Locality } from '../baseline/locality.ts';
import { createRows, NONE, type Row, type RowReference, type Rows } from '../baseline/rows.ts';
import { traitsOf, type Witness, witnessOf } from '../baseline/traits.ts';
import { createLedger, type Entries } from '../correlate/ledger.ts';
import type { Place } from '../decode/reading.ts';
import type { EventKind, LogEvent } from '../event/event.ts';
import type { Parties } from '../finding/evidence.ts';
import { ABSENT, type SymbolId, type Symbols } from '../kernel/symbols.ts';
import type { Networks } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';

/** What a segment leaves behind: everything else about its lines is forgotten. */
export interface Observation {
  readonly rows: Iterable<Row>;
  readonly ledger: Entries;
  readonly locality: Pick<Locality, 'declared'>;
  /** When each witness looked. */
  readonly spans: ReadonlyMap<Witness, Span>;
  /** How many events of each kind there were. */
  readonly records: ReadonlyMap<EventKind, number>;
}

export interface Observer {
  see(event: LogEvent, place: Place): void;
  /** What it has seen so far. */
  observation(): Observation & { readonly rows: Rows };
}

export interface ObserverSettings {
  readonly rules: readonly ActiveRule[];
  readonly symbols: Symbols;
  readonly localNets: Networks | undefined;
  /** The segment's place in the list of segments. */
  readonly segment: number;
}

/** Learns from every event, and lets every rule that looks at its kind look at it. */
export function createObserver({ rules, symbols, localNets, segment }: ObserverSettings): Observer {
  const rows = createRows();
  const locality = createLocality(symbols, localNets);
  const ledger = createLedger(locality);
  const attentions = createAttentions(rules);
  // One key and one reference for all: nothing is made for a line of which nothing new is learnt.
  const key = { trait: 0, entity: 0, peer: NONE, port: NONE, transport: ABSENT, name: ABSENT };
  const reference = new CurrentReference(segment);
  const logs = createRecent(symbols);
  const transports = createRecent(symbols);

  const learn = (event: LogEvent, traits: Attention['traits'], { log, line }: Place): void => {
    reference.point(event, logs.of(log), line);
    for (const { id, sight } of traits) {
      const seen = sight(event, locality);
      if (!seen) continue;
      key.trait = id;
      key.entity = seen.entity;
      key.peer = seen.peer ?? NONE;
      key.port = seen.port ?? NONE;
      key.transport = seen.transport === undefined ? ABSENT : transports.of(seen.transport);
      key.name = seen.name === undefined ? ABSENT : symbols.of(seen.name);
      rows.note(key, event.time, seen.bytes ?? 0, reference);
    }
  };

  const watch = (event: LogEvent, watchers: Attention['watchers'], { log, line }: Place): void => {
    for (const { rule, detector, options } of watchers) {
      const sign = detector.detect?.(event, options);
      if (sign) ledger.note(rule.id, sign, partiesOf(event), { segment, log, line, time: event.time, uid: event.uid });
    }
  };

  return {
    observation: () => ({
      rows,
      ledger,
      locality,
      spans: joinedBy(
        attentions.all(),
        ({ kind }) => witnessOf(kind),
        ({ from, to }) => ({ from, to }),
        joinedSpans,
      ),
      records: joinedBy(
        attentions.all(),
        ({ kind }) => kind,
        ({ records }) => records,
        (one, other) => one + other,
      ),
    }),
    see(event, place) {
      const attention = attentions.to(event.kind, place.fields);
      const { time } = event;
      attention.records++;
      if (time < attention.from) attention.from = time;
      if (time > attention.to) attention.to = time;
      if (event.kind === 'flow') locality.hear(event);
      learn(event, attention.traits, place);
      watch(event, attention.watchers, place);
    },
  };
}

/** The symbol of a text that is mostly the same as the time before, and then is not looked up. */
function createRecent(symbols: Symbols): Pick<Symbols, 'of'> {
  let lastText = '';
  let last = symbols.of(lastText);
  return {
    of(text) {
      if (text !== lastText) {
        last = symbols.of(text);
        lastText = text;
      }
      return last;
    },
  };
}

/** Where the event stands that is being learnt from. */
class CurrentReference implements RowReference {
  log: SymbolId = ABSENT;
  line = 0;
  readonly segment: number;
  private event: LogEvent | undefined;

  constructor(segment: number) {
    this.segment = segment;
  }

  point(event: LogEvent, log: SymbolId, line: number): void {
    this.event = event;
    this.log = log;
    this.line = line;
  }

  get uid(): string | undefined {
    return this.event?.uid;
  }
}

/** Who looks at events of one kind from logs with the same fields, and what came of them. */
interface Attention {
  readonly kind: EventKind;
  readonly traits: ReturnType<typeof traitsOf>;
  readonly watchers: readonly ActiveRule[];
  records: number;
  from: Micros;
  to: Micros;
}

/** Everybody who looks at a kind of event and finds there what he needs: who lacks a field is blind, and must not guess. */
function createAttentions(rules: readonly ActiveRule[]) {
  const known = new Map<ReadonlySet<string> | undefined, Map<EventKind, Attention>>();
  let last: Attention | undefined;
  let lastFields: ReadonlySet<string> | undefined;

  const create = (kind: EventKind, fields: ReadonlySet<string> | undefined): Attention => ({
    kind,
    traits: traitsOf(kind).filter(({ needs }) => needs.every(need => fields?.has(need) ?? true)),
    watchers: rules.filter(
      ({ detector }) => detector.detect && detector.needs[kind]?.every(need => fields?.has(need) ?? true),
    ),
    records: 0,
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
  });

  return {
    all: (): readonly Attention[] => [...known.values()].flatMap(kinds => [...kinds.values()]),
    to(kind: EventKind, fields: ReadonlySet<string> | undefined): Attention {
      if (last?.kind === kind && lastFields === fields) return last;
      const kinds = known.get(fields) ?? new Map<EventKind, Attention>();
      const attention = kinds.get(kind) ?? create(kind, fields);
      known.set(fields, kinds.set(kind, attention));
      last = attention;
      lastFields = fields;
      return attention;
    },
  };
}

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

import type { Span } from '../baseline/acquaintance.ts';
import type { Locality } from '../baseline/locality.ts';
import { NONE, type RowKey, type RowReference } from '../baseline/row.ts';
import type { Rows } from '../baseline/rows.ts';
import type { traitsOf } from '../baseline/traits.ts';
import type { EventCursor } from '../decode/log.ts';
import type { Origin, Records, Watcher } from '../decode/reading.ts';
import type { EventKind, LogEvent } from '../event/event.ts';
import type { Sign } from '../finding/evidence.ts';
import { MOST_NOTES } from '../kernel/sieve.ts';
import { ABSENT, createRecent, type SymbolId, type Symbols } from '../kernel/symbols.ts';
import type { Micros } from '../value/time.ts';
import type { Listener } from './active-rule.ts';
import { NO_ROW, type Recognition } from './recognition.ts';

/** Everybody who looks at the events of one log, and how many there were, and when. */
export interface Audience {
  readonly log: string;
  readonly kind: EventKind;
  readonly see: Watcher;
  /** Whether anybody is there at all. */
  readonly isHeeded: boolean;
  /** Of all that it saw, and of the segment that is being read. */
  readonly all: Tally;
  readonly here: Tally;
}

/** How many events there were, and when: within the time that is looked at, and without. */
export class Tally {
  records = 0;
  from: Micros = Number.POSITIVE_INFINITY;
  to: Micros = Number.NEGATIVE_INFINITY;
  outside = 0;

  get span(): Span {
    const { from, to } = this;
    return { from, to };
  }

  clear(): void {
    Object.assign(this, new Tally());
  }

  note(records: number, from: Micros, to: Micros): void {
    this.records += records;
    if (from < this.from) this.from = from;
    if (to > this.to) this.to = to;
  }
}

/** What is being read. */
interface Place {
  readonly segment: number;
}

interface Company {
  readonly traits: ReturnType<typeof traitsOf>;
  readonly watchers: readonly Listener[];
  readonly since: Micros;
  readonly until: Micros;
  readonly locality: Locality;
  readonly rows: Rows;
  readonly symbols: Symbols;
  /** Where they stand. */
  readonly place: Place;
  readonly recognition: Recognition;
  /** Of the log and its fields: whoever has the same sees the same. */
  readonly name: string;
  /** Hears of every event, however much it is like others. */
  readonly encounter: ((records: Records, count: number) => void) | undefined;
  testify(watcher: Listener, sign: Sign, event: EventCursor, line: number): void;
}

export function createAudience({ log, kind }: Origin, company: Company): Audience {
  const { traits, watchers, symbols, place, since, until } = company;
  const all = new Tally();
  const here = new Tally();
  const isBounded = since > 0 || until < Number.POSITIVE_INFINITY;
  const shared = {
    ...company,
    count(records: number, from: Micros, to: Micros): void {
      all.note(records, from, to);
      here.note(records, from, to);
    },
    bounded: (records: Records) => (isBounded ? within(records, since, until, here) : records.count),
    symbolOf: createRecent(symbols),
    // One key and one reference for all: nothing is made for a line of which nothing new is learnt.
    key: { trait: 0, entity: 0, peer: NONE, port: NONE, transport: ABSENT, name: ABSENT } satisfies RowKey,
    reference: new CurrentReference(place, symbols.of(log)),
  };
  const isHeeded = traits.length > 0 || watchers.length > 0;
  const see = isHeeded ? assemble(kind, traits, watchers)(shared) : countOnly(shared.bounded, shared.count);
  return { log, kind, isHeeded, all, here, see };
}

/** Of what nobody looks at, how much there was and when. */
const countOnly =
  (bounded: (records: Records) => number, count: (records: number, from: Micros, to: Micros) => void): Watcher =>
  records => {
    const kept = bounded(records);
    const { event, rows } = records;
    for (let at = 0; at < kept; at++) {
      event.row = rows[at] ?? 0;
      count(1, event.time, event.time);
    }
  };

/** Moves those to the front that are within the time that is looked at, and says how many they are. */
function within({ event, rows, count }: Records, since: Micros, until: Micros, tally: Tally): number {
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = rows[at] ?? 0;
    event.row = row;
    if (event.time < since || event.time >= until) continue;
    rows[kept] = row;
    kept++;
  }
  tally.outside += count - kept;
  return kept;
}

/** Where the event stands that is being learnt from. */
class CurrentReference implements RowReference {
  line = 0;
  event: LogEvent | undefined;
  readonly log: SymbolId;
  private readonly place: Place;

  constructor(place: Place, log: SymbolId) {
    this.place = place;
    this.log = log;
  }

  get segment(): number {
    return this.place.segment;
  }

  get uid(): string | undefined {
    return this.event?.uid;
  }
}

type Assembled = (shared: object) => Watcher;

/** By their code, which the engine then learns to run fast only once, however many segments there are. */
const known = new Map<string, (traits: Company['traits'], watchers: Company['watchers']) => Assembled>();

/**
 * Everybody in turn, written out: each looks through a call of his own, of which the engine knows whom it calls, and can
 * put him in its place. In a loop over all of them it knows nothing, and a hunt takes a quarter longer.
 *
 * An event that is like one before teaches the same rows once more. That it is, one must know of an event that nobody
 * reported, and of which nobody has read what is its own.
 */
function assemble(kind: EventKind, traits: Company['traits'], watchers: Company['watchers']): Assembled {
  const code = `
    ${traits.map((_, index) => `const { id: id${index}, sight: sight${index} } = traits[${index}];`).join('\n')}
    ${watchers.map((_, index) => `const { detector: { detect: detect${index} }, options: options${index} } = watchers[${index}];`).join('\n')}
    return ({ count, bounded, name, locality, rows, symbols, symbolOf, key, reference, testify, recognition, encounter }) => {
      const meet = (event, likeness) => { ${meeting(kind, traits, watchers)} };
      return records => {
        const { event, rows: tableRows } = records;
        const kept = bounded(records);
        encounter?.(records, kept);
        const { sieve } = event;
        reference.event = event;
        if (!sieve) {
          for (let at = 0; at < kept; at++) {
            const row = tableRows[at];
            event.row = row;
            reference.line = records.lineOf(row);
            count(1, event.time, event.time);
            meet(event, 0);
          }
          return;
        }
        const { sizes } = sieve;
        const hasWords = sieve.words.length > 0;
        if (${hasSizes(kind)} || hasWords) {
          for (let at = 0; at < kept; at++) {
            const row = tableRows[at];
            event.row = row;
            ${hasSizes(kind) ? `sizes[row] = ${sizeOf(kind)};` : ''}
            if (hasWords) event.tellWords();
          }
        }
        const left = recognition.sift(sieve, { count: kept, audience: name, form: event.constructor, hasSizes: ${hasSizes(kind)} });
        for (let index = 0; index < left; index++) {
          const row = tableRows[sieve.placeOf(index)];
          event.row = row;
          reference.line = records.lineOf(row);
          meet(event, sieve.likenessOf(index));
        }
        count(kept, sieve.earliest, sieve.latest);
      };
    };`;
  const factory = known.get(code) ?? (new Function('traits', 'watchers', code) as () => Assembled);
  known.set(code, factory);
  return factory(traits, watchers);
}

/** Flows have bytes to be counted. */
const hasSizes = (kind: EventKind): boolean => kind === 'flow';
const sizeOf = (kind: EventKind): string => (hasSizes(kind) ? 'event.originatorBytes + event.responderBytes' : '0');

/** Everybody looks at an event; `likeness` is where it may be remembered what it taught. */
const meeting = (kind: EventKind, traits: Company['traits'], watchers: Company['watchers']): string => `
  const { time } = event;
  const bytes = ${sizeOf(kind)};
  const { mark } = event;
  ${kind === 'flow' ? 'locality.hear(event);' : ''}
  if (recognition.again(likeness, time, bytes, mark, reference)) return;
  const { arrangement, taught } = recognition;
  taught.fill(${NO_ROW});
  let learnt = 0;
  event.isParticular = false;
  ${traits.map((_, index) => `const seen${index} = sight${index}(event, locality);`).join('\n')}
  ${watchers.map((_, index) => `const sign${index} = detect${index}(event, options${index});`).join('\n')}
  const isParticular = event.isParticular;
  ${traits.map((_, index) => learning(index)).join('\n')}
  ${watchers.map((_, index) => watching(index)).join('\n')}
  if (!isParticular && learnt <= ${MOST_NOTES}${watchers.map((_, index) => ` && sign${index} === undefined`).join('')}) recognition.remember(likeness, arrangement, time);`;

/** What one trait learns from an event. */
const learning = (index: number): string => `
  if (seen${index} !== undefined) {
    key.trait = id${index};
    key.entity = seen${index}.entity;
    key.peer = seen${index}.peer ?? ${NONE};
    key.port = seen${index}.port ?? ${NONE};
    key.transport = symbolOf(seen${index}.transport);
    key.name = seen${index}.name === undefined ? ${ABSENT} : symbols.of(seen${index}.name);
    taught[learnt++] = rows.note(key, time, bytes, mark, reference);
  }`;

/** What one rule says to it. */
const watching = (index: number): string => `
  if (sign${index} !== undefined) testify(watchers[${index}], sign${index}, event, reference.line);`;

import type { Locality } from '../baseline/locality.ts';
import { NONE, type RowKey, type RowReference } from '../baseline/row.ts';
import type { Rows } from '../baseline/rows.ts';
import type { traitsOf } from '../baseline/traits.ts';
import type { EventCursor } from '../decode/log.ts';
import type { Origin, Watcher } from '../decode/reading.ts';
import type { EventKind, LogEvent } from '../event/event.ts';
import type { Sign } from '../finding/evidence.ts';
import { ABSENT, type SymbolId, type Symbols } from '../kernel/symbols.ts';
import { sum } from '../value/sum.ts';
import type { Micros } from '../value/time.ts';
import type { ActiveRule } from './active-rule.ts';
import { Recognition } from './recognition.ts';

/** Everybody who looks at the events of one log, and how many there were, and when. */
export interface Audience {
  readonly log: string;
  readonly kind: EventKind;
  readonly see: Watcher;
  readonly tally: Tally;
}

interface Tally {
  records: number;
  from: Micros;
  to: Micros;
  /** Events before or after what is looked at. */
  outside: number;
  /** How many events were like one before, so that nobody had to look at them. */
  readonly recognised: number;
}

interface Company {
  readonly traits: ReturnType<typeof traitsOf>;
  readonly watchers: readonly ActiveRule[];
  readonly since: Micros;
  readonly until: Micros;
  readonly locality: Locality;
  readonly rows: Rows;
  readonly symbols: Symbols;
  readonly segment: number;
  testify(watcher: ActiveRule, sign: Sign, event: LogEvent, line: number): void;
}

export function createAudience({ log, kind }: Origin, company: Company): Audience {
  const { traits, watchers, symbols, segment } = company;
  const recognitions = createRecognitions(traits.length);
  const tally = {
    records: 0,
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
    outside: 0,
    get recognised() {
      return recognitions.recognised;
    },
  };
  const shared = {
    ...company,
    tally,
    symbolOf: createRecent(symbols),
    recognitionOf: recognitions.of,
    // One key and one reference for all: nothing is made for a line of which nothing new is learnt.
    key: { trait: 0, entity: 0, peer: NONE, port: NONE, transport: ABSENT, name: ABSENT } satisfies RowKey,
    reference: new CurrentReference(segment, symbols.of(log)),
  };
  return { log, kind, tally, see: assemble(kind, traits, watchers)(shared) };
}

/** Where the event stands that is being learnt from. */
class CurrentReference implements RowReference {
  line = 0;
  event: LogEvent | undefined;
  readonly segment: number;
  readonly log: SymbolId;

  constructor(segment: number, log: SymbolId) {
    this.segment = segment;
    this.log = log;
  }

  get uid(): string | undefined {
    return this.event?.uid;
  }
}

/** The symbol of a text that is mostly the same as the time before, and then is not looked up. */
function createRecent(symbols: Symbols): (text: string | undefined) => SymbolId {
  let lastText: string | undefined;
  let last = ABSENT;
  return text => {
    if (text !== lastText) {
      last = text === undefined ? ABSENT : symbols.of(text);
      lastText = text;
    }
    return last;
  };
}

/** One for each form of records: what is called `dns` may be Zeek's and Suricata's in one stream. */
function createRecognitions(rows: number) {
  const byForm = new Map<unknown, Recognition>();
  return {
    of(event: EventCursor): Recognition {
      const recognition = byForm.get(event.constructor) ?? new Recognition(event.imprintWords, rows);
      byForm.set(event.constructor, recognition);
      return recognition;
    },
    get recognised() {
      return sum([...byForm.values()].map(({ recognised }) => recognised));
    },
  };
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
  const isAlone = traits.length + watchers.length === 0;
  const code = `
    ${traits.map((_, index) => `const { id: id${index}, sight: sight${index} } = traits[${index}];`).join('\n')}
    ${watchers.map((_, index) => `const { detector: { detect: detect${index} }, options: options${index} } = watchers[${index}];`).join('\n')}
    return ({ tally, since, until, locality, rows, symbols, symbolOf, key, reference, testify, recognitionOf }) => {
      ${isAlone ? '' : `const meet = (event, time, bytes, recognition) => { ${meeting(kind, traits, watchers)} };`}
      return ({ event, rows: tableRows, lines, count }) => {
        ${isAlone ? '' : 'const recognition = recognitionOf(event);'}
        let { records, from, to } = tally;
        reference.event = event;
        for (let at = 0; at < count; at++) {
          event.row = tableRows[at];
          const time = event.time;
          if (time < since || time >= until) {
            tally.outside++;
            continue;
          }
          records++;
          if (time < from) from = time;
          if (time > to) to = time;
          ${isAlone ? '' : looking(kind, traits)}
        }
        Object.assign(tally, { records, from, to });
      };
    };`;
  const factory = known.get(code) ?? (new Function('traits', 'watchers', code) as () => Assembled);
  known.set(code, factory);
  return factory(traits, watchers);
}

/** Of an event that is like one before only the rows are looked at. */
const looking = (kind: EventKind, traits: Company['traits']): string => `
  reference.line = lines[at];
  const bytes = ${kind === 'flow' ? 'event.originatorBytes + event.responderBytes' : '0'};
  const found = recognition.find(event, rows.arrangement);
  if (found >= 0) {
    for (let index = found; index < found + ${traits.length}; index++) {
      const row = recognition.entries[index];
      if (row >= 0) rows.again(row, time, bytes, reference);
    }
  } else meet(event, time, bytes, recognition);`;

/** Everybody looks at any other. */
const meeting = (kind: EventKind, traits: Company['traits'], watchers: Company['watchers']): string => `
  const line = reference.line;
  ${kind === 'flow' ? 'locality.hear(event);' : ''}
  event.isParticular = false;
  ${traits.map((_, index) => `const seen${index} = sight${index}(event, locality);`).join('\n')}
  ${watchers.map((_, index) => `const sign${index} = detect${index}(event, options${index});`).join('\n')}
  const isParticular = event.isParticular;
  ${traits.map((_, index) => learning(index)).join('\n')}
  ${watchers.map((_, index) => watching(index)).join('\n')}
  if (!isParticular${watchers.map((_, index) => ` && sign${index} === undefined`).join('')}) recognition.remember(rows.arrangement);`;

/** What one trait learns from an event. */
const learning = (index: number): string => `
  let row${index} = -1;
  if (seen${index} !== undefined) {
    key.trait = id${index};
    key.entity = seen${index}.entity;
    key.peer = seen${index}.peer ?? ${NONE};
    key.port = seen${index}.port ?? ${NONE};
    key.transport = symbolOf(seen${index}.transport);
    key.name = seen${index}.name === undefined ? ${ABSENT} : symbols.of(seen${index}.name);
    row${index} = rows.note(key, time, bytes, reference);
  }
  recognition.entries[recognition.taught + ${index}] = row${index};`;

/** What one rule says to it. */
const watching = (index: number): string => `
  if (sign${index} !== undefined) testify(watchers[${index}], sign${index}, event, line);`;

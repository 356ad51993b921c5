import type { Locality } from '../baseline/locality.ts';
import { isTwice } from '../baseline/twice.ts';
import {
  type Evidence,
  earliest,
  inOrder,
  MOST_REFERENCES,
  type Parties,
  type Reference,
  type Sign,
} from '../finding/evidence.ts';
import { distinctOf, joinedDistinct } from '../value/distinct.ts';
import { joinInto } from '../value/joined.ts';
import { listAt } from '../value/made-at.ts';
import { add as plus } from '../value/sum.ts';

/** What event detectors saw, summed up by rule, parties and aspect while the lines go by. */
export interface Ledger {
  /** `mark` is that of a flow; undefined for what is none. `item`: what is counted, by its text. */
  note(rule: string, sign: Sign, parties: Parties, reference: Reference, mark?: number, item?: string): void;
  /** `touched` hears of each entry that grew. */
  merge(other: Entries, touched?: (entry: Entry) => void): void;
  entries(): Iterable<Readonly<Entry>>;
  of(rule: string): readonly Evidence[];
  /** How many signs of further parties there was no room for. */
  readonly dropped: number;
}

/** What there is to merge of another ledger. */
export type Entries = Pick<Ledger, 'entries' | 'dropped'>;

/** Evidence that still grows. */
export type Entry = { -readonly [Key in keyof Evidence]: Evidence[Key] } & {
  readonly rule: string;
  /** Those of all flows in one (exclusive or): 0 where each was seen twice. */
  marks: number | undefined;
};

/** The same where its lines are known by other places. */
export const relocated = (ledger: Entries, placed: (reference: Reference) => Reference): Entries => ({
  dropped: ledger.dropped,
  *entries() {
    for (const entry of ledger.entries()) yield { ...entry, references: entry.references.map(placed) };
  },
});

/**
 * Strangers can make up as many parties as they like. What counts in numbers has room by rule: of a sweep each knock may be one,
 * and must not push out what others see.
 */
const roomOf = ({ rule, items }: Entry) => (items ? { room: rule, most: 60_000 } : { room: '', most: 200_000 });

export function createLedger(locality: Locality): Ledger {
  const entries = new Map<string, Entry>();
  const byRule = new Map<string, Entry[]>();
  /** How many there are in each room. */
  const sizes = new Map<string, number>();
  let dropped = 0;

  /** What it was added to; undefined where there was no room. */
  const add = (entry: Entry): Entry | undefined => {
    const key = keyOf(entry, locality);
    const known = entries.get(key);
    const { room, most } = roomOf(entry);
    if (known) join(known, entry);
    else if ((sizes.get(room) ?? 0) < most) {
      entry.sign = withoutItem(entry.sign);
      entries.set(key, entry);
      listAt(byRule, entry.rule).push(entry);
      joinInto(sizes, room, 1, plus);
    } else dropped += entry.count;
    return known ?? entries.get(key);
  };

  return {
    entries: () => entries.values(),
    get dropped() {
      return dropped;
    },
    note(rule, sign, parties, reference, marks, item) {
      const { originator, responder, port, transport } = partiesIn(sign, parties);
      const { time } = reference;
      const items = item === undefined ? undefined : distinctOf(item);
      const references = [reference];
      // Written out: there may be one for every second line.
      add({
        rule,
        sign,
        originator,
        responder,
        port,
        transport,
        first: time,
        last: time,
        count: 1,
        marks,
        references,
        items,
      });
    },
    merge(other, touched) {
      for (const entry of other.entries()) {
        const grown = add({ ...entry });
        if (grown) touched?.(grown);
      }
      dropped += other.dropped;
    },
    of: rule => (byRule.get(rule) ?? []).map(once),
  };
}

/** Flows that two sensors saw count once, as in `baseline/twice.ts`. */
const once = ({ marks, ...entry }: Entry): Evidence =>
  marks !== undefined && isTwice({ marks, count: entry.count }) ? { ...entry, count: entry.count / 2 } : entry;

/** What is counted is counted by then. */
function withoutItem(sign: Sign): Sign {
  if (sign.item === undefined) return sign;
  const { item, ...others } = sign;
  return others;
}

/** Those that a sign is about. */
function partiesIn({ about }: Sign, parties: Parties): Parties {
  if (about === undefined) return parties;
  const { originator, responder } = parties;
  const none = { port: undefined, transport: undefined };
  return { originator, responder: about === 'ends' ? responder : undefined, ...none };
}

/** What comes from outside is counted together: a server on the internet meets everybody. */
function keyOf({ rule, originator, responder, port, transport, sign }: Entry, locality: Locality): string {
  const isInbound = originator !== undefined && responder !== undefined && locality.isInbound(originator, responder);
  const from = isInbound ? undefined : originator;
  return `${rule}|${from}|${responder}|${port}|${transport}|${sign.aspect}|${sign.window}`;
}

/** The earliest sign speaks for all, so that it does not matter which was read first. */
function join(known: Entry, next: Entry): void {
  const [first, last] = [known.references[0], known.references.at(-1)];
  const [newest] = next.references;
  const isVaried = known.sign.isVaried || next.sign.isVaried || known.sign.summary !== next.sign.summary;
  if (first && newest && inOrder(newest, first) < 0) known.sign = withoutItem(next.sign);
  if (isVaried && !known.sign.isVaried) known.sign = { ...known.sign, isVaried: true };
  if (known.originator !== next.originator) known.originator = undefined;
  known.first = Math.min(known.first, next.first);
  known.last = Math.max(known.last, next.last);
  known.count += next.count;
  if (known.items && next.items) known.items = joinedDistinct(known.items, next.items);
  known.marks = known.marks === undefined || next.marks === undefined ? undefined : known.marks ^ next.marks;
  const isFull = known.references.length === MOST_REFERENCES;
  const isLater = last !== undefined && newest !== undefined && inOrder(last, newest) < 0;
  if (isFull && isLater) return;
  // Mostly one more, and later than all.
  if (isLater && next.references.length === 1) {
    known.references = [...known.references, newest];
    return;
  }
  known.references = earliest([...known.references, ...next.references]);
}

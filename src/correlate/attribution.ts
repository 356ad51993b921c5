import { ACCEPTED, type Attribution, BORROWED, CONTACTED, OPENED, ownerText } from '../baseline/owners.ts';
import { type ProcessKey, startIn } from '../baseline/process.ts';
import type { Processes } from '../baseline/processes.ts';
import { NONE, type RowKey, type RowReference } from '../baseline/row.ts';
import type { SymbolId, Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { listAt, madeAt } from '../value/made-at.ts';
import { inTextOrder } from '../value/order.ts';
import { PairMap } from '../value/pair-map.ts';
import { sum } from '../value/sum.ts';
import { MINUTE, type Micros, SECOND } from '../value/time.ts';
import { otherAsker, soleAsker } from './askers.ts';
import { type Clock, clocksOf, doubtOf, nearest, widthFor } from './clock.ts';
import { type Account, type Contact, contactsIn, endsOf, isShared } from './contacts.ts';
import type { Encounter, Encounters } from './encounters.ts';

/** That a flow was a process's: a row of the baseline, which grows by it. */
export interface Owned {
  readonly key: RowKey;
  readonly time: Micros;
  readonly reference: RowReference;
  /** The flow, or the endpoint's word, by its place among the encounters. */
  readonly at: number;
  /** What is yet to come may say otherwise. */
  readonly isTentative: boolean;
  /** The flow's identifiers, as fingerprints; none of what is no flow. */
  readonly flows: readonly number[];
}

export interface AttributionReport {
  /** Of machines that an endpoint sensor speaks of; and of how many it is known whose they were. */
  readonly flows: number;
  readonly attributed: number;
  /** Of how many more only by what a process had asked for. */
  readonly by_name: number;
  readonly sources: readonly SourceAttribution[];
  /** What there was no room for. */
  readonly dropped: number;
}

/** What one file says of one machine. */
interface SourceAttribution {
  readonly path: string;
  readonly host: string;
  readonly events: number;
  readonly matched: number;
  readonly clock_offset_s?: number;
  readonly doubts: readonly string[];
}

interface Circumstances {
  readonly symbols: Symbols;
  readonly processes: Processes;
  /** The file that a segment is of. */
  sourceOf(segment: number): string;
  readonly dropped: number;
  /** Hears of everything that is found out. */
  learn(owned: Owned): void;
}

/** A flow, by its first record. */
interface Flow extends Encounter {
  /** Its place among the encounters. */
  readonly at: number;
  /** The fingerprints of the identifiers that its sensors gave it. */
  readonly uids: readonly number[];
}

interface Match {
  readonly contact: Contact;
  readonly error: Micros;
}

/** Two sensors date the beginning of a flow alike, to that. */
const SAME_FLOW = SECOND;

/**
 * Joins what endpoints say of their connections with the flows that sensors saw, by addresses and ports, both ways round.
 * An endpoint's clock may be days off, by the same for all connections of one file and machine (DESIGN.md section 5): so what
 * most pairs agree on is taken for that, and what does not agree for another connection between the same ports.
 */
export function attribute(encounters: Encounters, circumstances: Circumstances): AttributionReport {
  const { symbols, sourceOf, dropped, learn } = circumstances;
  const { accounts, machines } = contactsIn(encounters, symbols, sourceOf);
  const told = new PairMap<string, Address, Account[]>();
  for (const account of accounts)
    for (const address of account.answers.keys()) told.at(account.machine, address, () => []).push(account);
  const toldOf = (machine: string, address: Address): readonly Account[] => told.get(machine, address) ?? [];

  const { records, byEnds } = flowsIn(encounters, accounts, machines, sourceOf);
  const flowsOf = (contact: Contact): readonly Flow[] => byEnds.get(contact.ends) ?? NONE_SUCH;
  const clocks = clocksOf(accounts, flowsOf);

  const contacts = accounts.flatMap(account => account.contacts);
  const closest = new Map<Contact, { readonly flow: Flow; readonly error: Micros }>();
  const chosen = new Map<Flow, { opened?: Match; accepted?: Match }>();
  for (const contact of contacts) {
    for (const { flow, error } of matchesOf(contact, flowsOf(contact), clocks.get(contact.account))) {
      const known = closest.get(contact);
      if (!known || error < known.error) closest.set(contact, { flow, error });
      const side = contact.own === flow.originator ? 'opened' : 'accepted';
      const matches = madeAt(chosen, flow, () => ({}) as { opened?: Match; accepted?: Match });
      const match = { contact, error };
      if (!matches[side] || isBetter(match, matches[side], symbols)) matches[side] = match;
    }
  }

  const nameOf = createNaming(contacts, circumstances);
  const own = (flow: Flow, side: 'opened' | 'accepted', contact: Contact, attribution: Attribution): void => {
    const name = nameOf(contact, flow.time, attribution);
    const { originator, responder, responderPort: port, transport, segment, line, log, at, time } = flow;
    const isOpened = side === 'opened';
    const [entity, peer] = isOpened ? [originator, responder] : [responder, NONE];
    const key = { trait: isOpened ? OPENED : ACCEPTED, entity, peer, port, transport, name };
    const isTentative = attribution.method === 'dns-answer';
    learn({ key, time, reference: { segment, line, log, uid: undefined }, at, isTentative, flows: flow.uids });
  };
  for (const contact of contacts) {
    // By the sensor's clock: that of its flow, or what its own clock's offset makes of it, to a tenth of a second.
    const offset = clocks.get(contact.account)?.offset ?? 0;
    const time = closest.get(contact)?.flow.time ?? contact.time - Math.round(offset / TENTH) * TENTH;
    for (const word of wordsOf(contact, time, toldOf(contact.account.machine, contact.responder), nameOf)) learn(word);
  }
  for (const [flow, { opened, accepted }] of chosen) {
    if (opened) own(flow, 'opened', opened.contact, attributionOf(opened, clocks));
    if (accepted) own(flow, 'accepted', accepted.contact, attributionOf(accepted, clocks));
  }
  const byName = [...byEnds.values()].flat().filter(flow => {
    // Whose address it was then, of several that have had it, nobody can say.
    const [machine = '', another] = machines.get(flow.originator) ?? [];
    if (chosen.get(flow)?.opened || machine === '' || another !== undefined) return false;
    const offsetOf = (account: Account): Micros => clocks.get(account)?.offset ?? 0;
    const asker = soleAsker(toldOf(machine, flow.responder), flow.responder, account => flow.time + offsetOf(account));
    if (!asker) return false;
    own(flow, 'opened', asker, { method: 'dns-answer', confidence: 0.4, offset: offsetOf(asker.account) });
    return !chosen.has(flow);
  });

  const matched = (account: Account): number => account.contacts.filter(contact => closest.has(contact)).length;
  return {
    flows: records,
    attributed: sum([...chosen.keys()].map(flow => flow.uids.length)),
    by_name: sum(byName.map(flow => flow.uids.length)),
    sources: accounts
      .filter(({ contacts }) => contacts.length > 0)
      .map(account => reportOf(account, matched(account), clocks.get(account), records))
      .sort((one, other) => inTextOrder(one.path, other.path) || inTextOrder(one.host, other.host)),
    dropped,
  };
}

const NONE_SUCH: readonly Flow[] = [];
const TENTH = SECOND / 10;

/**
 * The flows of the machines: how many records there are of them, and those that a contact or an answer may be about, each once,
 * whichever sensors saw it. Of the others nothing is kept: there may be millions.
 */
function flowsIn(
  encounters: Encounters,
  accounts: readonly Account[],
  machines: ReadonlyMap<Address, ReadonlySet<string>>,
  sourceOf: (segment: number) => string,
): { readonly records: number; readonly byEnds: ReadonlyMap<string, readonly Flow[]> } {
  const ends = new Set(accounts.flatMap(({ contacts }) => contacts.map(contact => contact.ends)));
  const answered = new Set(accounts.flatMap(({ answers }) => [...answers.keys()]));
  const lists = new Map<string, Flow[]>();
  let records = 0;
  for (let at = 0; at < encounters.size; at++) {
    if (encounters.sideAt(at) !== 'flow') continue;
    const one = encounters.at(at);
    if (!machines.has(one.originator) && !machines.has(one.responder)) continue;
    records++;
    const key = endsOf(one);
    const isAsked = answered.has(one.responder) && machines.has(one.originator);
    if (ends.has(key) || isAsked) listAt(lists, key).push({ ...one, at, uids: [one.who] });
  }
  for (const [key, list] of lists) if (list.length > 1) lists.set(key, onceEach(list, sourceOf));
  return { records, byEnds: lists };
}

/** Each flow once, in their order: what another source has within a second is the same. */
function onceEach(list: Flow[], sourceOf: (segment: number) => string): Flow[] {
  list.sort((one, other) => one.time - other.time || one.segment - other.segment || one.line - other.line);
  const once: Flow[] = [];
  /** The last one of each source, by its place. */
  const lasts = new Map<string, number>();
  for (const flow of list) {
    const source = sourceOf(flow.segment);
    const [same] = [...lasts].filter(
      ([other, at]) => other !== source && flow.time - (once[at]?.time ?? 0) <= SAME_FLOW,
    );
    const [other = '', at = 0] = same ?? [];
    const known = same && once[at];
    if (known) {
      once[at] = { ...known, uids: [...known.uids, flow.who] };
      // A third record is of another flow, or of a third sensor.
      lasts.delete(other);
    } else lasts.set(source, once.push(flow) - 1);
  }
  return once;
}

/** The flows that may be a contact's, by what its clock says. */
function* matchesOf(
  contact: Contact,
  flows: readonly Flow[],
  clock: Clock | undefined,
): Generator<{ readonly flow: Flow; readonly error: Micros }> {
  const width = clock && widthFor(contact, clock);
  if (!clock || width === undefined) return;
  const expected = contact.time - clock.offset;
  for (const flow of nearest(flows, expected)) {
    const error = Math.abs(flow.time - expected);
    if (error <= width) yield { flow, error };
  }
}

/** The nearer in time; of equal ones by who it was, and then by the place. */
const isBetter = (one: Match, other: Match, { text }: Symbols): boolean =>
  (one.error - other.error ||
    inTextOrder(text(one.contact.who), text(other.contact.who)) ||
    one.contact.line - other.contact.line) < 0;

/** How sure it is, by how the clock is known: the more pairs agree on it, the less one agrees by chance. */
function sureness({ by, support, offset }: Clock): number {
  if (by !== 'connections') return 0.6;
  if (support >= 3) return 0.98;
  if (support === 2) return 0.9;
  return Math.abs(offset) <= 5 * SECOND ? 0.85 : 0.7;
}

function attributionOf({ contact }: Match, clocks: ReadonlyMap<Account, Clock>): Attribution {
  const clock = clocks.get(contact.account);
  const byTransport = contact.isTcp && !isShared(contact) ? 1 : 0.9;
  const byNumber = contact.process.guid === undefined ? 0.8 : 1;
  const confidence = clock ? sureness(clock) * byTransport * byNumber : 0;
  return { method: '5-tuple', confidence: Math.round(confidence * 100) / 100, offset: clock?.offset ?? 0 };
}

const OWN_WORD: Attribution = { method: 'endpoint', confidence: 1, offset: 0 };

/** What an endpoint says by itself of a connection that a process opened. */
function* wordsOf(contact: Contact, time: Micros, accounts: readonly Account[], nameOf: Naming): Generator<Owned> {
  const {
    side,
    process,
    own: entity,
    responder: peer,
    responderPort: port,
    transport,
    segment,
    line,
    log,
    at,
  } = contact;
  if (side !== 'opened') return;
  const reference = { segment, line, log, uid: process.guid };
  const key = { entity, peer, port, transport };
  const name = nameOf(contact, time, OWN_WORD);
  yield { key: { ...key, trait: CONTACTED, name }, time, reference, at, isTentative: false, flows: [] };
  const asker = otherAsker(contact, accounts);
  if (asker === undefined) return;
  const borrowed = nameOf(contact, time, OWN_WORD, asker);
  yield { key: { ...key, trait: BORROWED, name: borrowed }, time, reference, at, isTentative: true, flows: [] };
}

/** Everything that is known of a process that was met at a time, as a name. */
type Naming = (contact: Contact, time: Micros, attribution: Attribution, asker?: string) => SymbolId;

function createNaming(contacts: readonly Contact[], { symbols, processes }: Circumstances): Naming {
  const images = imagesOf(contacts);
  const names = new Map<string, SymbolId>();
  return ({ who, process }, time, attribution, asker) => {
    const make = (): SymbolId => {
      const image = process.image ?? images.get(nameKey(process));
      return symbols.of(ownerText(processes.of({ ...process, image }, time), attribution, asker));
    };
    // Which process a number stands for depends on the time.
    if (process.guid === undefined) return make();
    const { method, confidence, offset } = attribution;
    return madeAt(names, `${who} ${method} ${confidence} ${offset} ${asker}`, make);
  };
}

/** The images of processes that only some of their records name. */
function imagesOf(contacts: readonly Contact[]): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const { process } of contacts) {
    const { image, guid } = process;
    if (image === undefined || guid === undefined) continue;
    const known = images.get(nameKey(process));
    if (known === undefined || inTextOrder(image, known) < 0) images.set(nameKey(process), image);
  }
  return images;
}

const nameKey = ({ machine, guid }: ProcessKey): string => `${machine}\n${guid}`;

const UNSEEN = 'no sensor saw any of its connections';

/** Without a sensor only the processes themselves can tell that a clock is wrong: their GUIDs say when they began. */
function tooEarly(contacts: readonly Contact[]): string | undefined {
  const early = contacts.filter(
    ({ process: { guid }, time }) => (guid === undefined ? time : (startIn(guid) ?? time)) > time + MINUTE,
  );
  return early.length > contacts.length / 2
    ? 'a clock that slept or is wrong (it connects before its processes begin), and no sensor to correct it by'
    : undefined;
}

function reportOf(
  { path, machine, contacts }: Account,
  matched: number,
  clock: Clock | undefined,
  flows: number,
): SourceAttribution {
  const doubt = clock ? doubtOf(clock.offset) : (tooEarly(contacts) ?? (flows > 0 ? UNSEEN : undefined));
  return {
    path,
    host: machine,
    events: contacts.length,
    matched,
    ...(clock && { clock_offset_s: Math.round(clock.offset / 1000) / 1000 }),
    doubts: doubt === undefined ? [] : [doubt],
  };
}

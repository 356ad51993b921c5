import { ACCEPTED, type Attribution, BORROWED, CONTACTED, OPENED, ownerText } from '../baseline/owners.ts';
import { baseName, keyIn, type ProcessKey } from '../baseline/process.ts';
import type { Processes } from '../baseline/processes.ts';
import { NONE, type RowKey, type RowReference } from '../baseline/row.ts';
import type { SymbolId, Symbols } from '../kernel/symbols.ts';
import { type Address, isGroup } from '../value/address.ts';
import { listAt, madeAt } from '../value/made-at.ts';
import { inTextOrder } from '../value/order.ts';
import { sum } from '../value/sum.ts';
import { MINUTE, type Micros, SECOND } from '../value/time.ts';
import { dominantOffset, doubtOf, type Offset } from './clock.ts';
import type { Encounter } from './encounters.ts';

/** That a flow was a process's: a row of the baseline, which grows by it. */
export interface Owned {
  readonly key: RowKey;
  readonly time: Micros;
  readonly reference: RowReference;
  /** The flow, or the endpoint's word, by its place among the encounters. */
  readonly at: number;
}

/** What came of joining. */
export interface Joined {
  readonly owned: readonly Owned[];
  readonly report: AttributionReport;
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
}

/** The errors that pairs of one file and machine may differ by: event 3 dates TCP to a tenth of a second, and UDP by its sockets' buffers. */
const TCP_WIDTH = 2 * SECOND;
const UDP_WIDTH = 12 * SECOND;
/** So many pairs of one 5-tuple tell times apart; more are one that is used again and again, and prove nothing. */
const MOST_PAIRS = 16;
/** How many ports must agree where only datagrams say how a clock goes. */
const LEAST_DATAGRAMS = 3;
/** Two sensors date the beginning of a flow alike, to that. */
const SAME_FLOW = SECOND;
/** How long a process goes on using an address that it was given. */
const ANSWER_LASTS = 10 * MINUTE;
/** What is shared by all programs of a machine: from one port to one port, for days. */
const sharedPorts: ReadonlySet<number> = new Set([137, 138, 1900, 5353, 5355]);

/** An endpoint's word about one connection. */
interface Contact extends Encounter {
  readonly process: ProcessKey;
  readonly group: Group;
  /** The machine's own end. */
  readonly own: Address;
  readonly isTcp: boolean;
  /** Its place among the encounters. */
  readonly at: number;
}

/** What one file tells of one machine. */
interface Group {
  readonly path: string;
  readonly machine: string;
  readonly contacts: Contact[];
  /** What its processes were answered, by address and in their order. */
  readonly answers: Map<Address, Contact[]>;
  /** The flow that each is joined with, and how far off. */
  readonly matched: Map<Contact, { readonly flow: Flow; readonly error: Micros }>;
  clock: (Offset & { readonly isByDatagrams: boolean }) | undefined;
}

/** A flow, by its first record. */
interface Flow extends Encounter {
  /** Its place among the encounters. */
  readonly at: number;
  /** The records of other sensors. */
  readonly again?: readonly Flow[];
}

/**
 * Joins what endpoints say of their connections with the flows that sensors saw, by addresses and ports, both ways round.
 * An endpoint's clock may be days off (data/FORMATS.md), by the same for all connections of one file and machine: so what
 * most pairs agree on is taken for that, and what does not agree for another connection between the same ports.
 */
export function attribute(encounters: readonly Encounter[], circumstances: Circumstances): Joined {
  const { dropped } = circumstances;
  const { groups, machines } = groupsIn(encounters, circumstances);
  const byMachine = new Map<string, Group[]>();
  for (const group of groups) listAt(byMachine, group.machine).push(group);

  const records = recordsOf(encounters, machines);
  const flows = onceEach(records);
  const byKey = new Map<string, Flow[]>();
  for (const flow of flows) listAt(byKey, endsOf(flow)).push(flow);

  for (const group of groups) group.clock = clockOf(group, byKey);
  for (const group of groups) group.clock ??= borrowedClock(group, groups, byKey) ?? clockByDatagrams(group, byKey);

  const chosen = new Map<Flow, { opened?: Match; accepted?: Match }>();
  for (const contact of groups.flatMap(({ contacts }) => contacts)) {
    for (const flow of byKey.get(endsOf(contact)) ?? []) {
      const error = errorOf(contact, flow);
      if (error === undefined) continue;
      const nearest = contact.group.matched.get(contact);
      if (!nearest || isNearer(error, flow, nearest)) contact.group.matched.set(contact, { flow, error });
      const side = contact.own === flow.originator ? 'opened' : 'accepted';
      const matches = madeAt(chosen, flow, () => ({}) as { opened?: Match; accepted?: Match });
      const match = { contact, error };
      if (!matches[side] || isBetter(match, matches[side])) matches[side] = match;
    }
  }
  const nameOf = createNaming(groups, circumstances);
  const owned: Owned[] = [];
  const own = (flow: Flow, side: 'opened' | 'accepted', contact: Contact, attribution: Attribution): void => {
    const name = nameOf(contact, flow.time, attribution);
    const { originator, responder, responderPort: port, transport, segment, line, log, at, time } = flow;
    const isOpened = side === 'opened';
    const [entity, peer] = isOpened ? [originator, responder] : [responder, NONE];
    const key = { trait: isOpened ? OPENED : ACCEPTED, entity, peer, port, transport, name };
    owned.push({ key, time, reference: { segment, line, log, uid: undefined }, at });
  };

  const answersOf = (contact: Contact): readonly Group[] => byMachine.get(contact.group.machine) ?? [];
  for (const { contacts } of groups)
    for (const contact of contacts) owned.push(...wordsOf(contact, otherAskerOf(contact, answersOf(contact)), nameOf));
  for (const [flow, { opened, accepted }] of chosen) {
    if (opened) own(flow, 'opened', opened.contact, attributionOf(opened));
    if (accepted) own(flow, 'accepted', accepted.contact, attributionOf(accepted));
  }
  const byName = flows.filter(flow => {
    if (chosen.get(flow)?.opened || !machines.has(flow.originator)) return false;
    const asker = askerOf(flow, byMachine.get(machines.get(flow.originator) ?? '') ?? []);
    if (!asker) return false;
    const { contact, offset } = asker;
    own(flow, 'opened', contact, { method: 'dns-answer', confidence: 0.4, offset });
    return !chosen.has(flow);
  });
  return {
    owned,
    report: {
      flows: records.length,
      attributed: recordsFor([...chosen.keys()]),
      by_name: recordsFor(byName),
      sources: groups
        .filter(({ contacts }) => contacts.length > 0)
        .map(reportOf)
        .sort((one, other) => inTextOrder(one.path, other.path) || inTextOrder(one.host, other.host)),
      dropped,
    },
  };
}

/** What an endpoint says by itself of a connection that a process opened. */
function wordsOf(contact: Contact, asker: string | undefined, nameOf: Naming): readonly Owned[] {
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
  if (side !== 'opened') return NOTHING;
  const time = sensorTimeOf(contact);
  const reference = { segment, line, log, uid: process.guid };
  const wordOf = (trait: number, asker?: string): Owned => {
    const name = nameOf(contact, time, OWN_WORD, asker);
    return { key: { trait, entity, peer, port, transport, name }, time, reference, at };
  };
  return asker === undefined ? [wordOf(CONTACTED)] : [wordOf(CONTACTED), wordOf(BORROWED, asker)];
}

const NOTHING: readonly Owned[] = [];
const OWN_WORD: Attribution = { method: 'endpoint', confidence: 1, offset: 0 };

/** Everything that is known of a process that was met at a time, as a name. */
type Naming = (contact: Contact, time: Micros, attribution: Attribution, asker?: string) => SymbolId;

function createNaming(groups: readonly Group[], { symbols, processes }: Circumstances): Naming {
  const images = imagesOf(groups);
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

/** What each file says of each machine, and what processes were answered. */
function groupsIn(encounters: readonly Encounter[], { symbols, sourceOf }: Circumstances) {
  const groups = new Map<string, Group>();
  const keys = new Map<SymbolId, ProcessKey | undefined>();
  const met = new Set<string>();
  const machines = new Map<Address, string>();
  const tcp = symbols.of('tcp');
  for (const [at, one] of encounters.entries()) {
    if (one.side === 'flow') continue;
    const process = madeAt(keys, one.who, () => keyIn(symbols.text(one.who)));
    if (!process) continue;
    const { machine } = process;
    const path = sourceOf(one.segment);
    const group = madeAt(
      groups,
      `${path}\n${machine}`,
      (): Group => ({
        ...{ path, machine, contacts: [], answers: new Map(), matched: new Map(), clock: undefined },
      }),
    );
    const own = one.side === 'accepted' ? one.responder : one.originator;
    const contact: Contact = Object.assign(one, { process, own, group, isTcp: one.transport === tcp, at });
    if (one.side === 'answer') {
      listAt(group.answers, one.responder).push(contact);
      continue;
    }
    // An export that is there twice says nothing more than once.
    const identity = `${one.side} ${one.who} ${one.time} ${endsOf(one)}`;
    if (met.has(identity)) continue;
    met.add(identity);
    const [isOwnGroup, isOtherGroup] = [own, own === one.originator ? one.responder : one.originator].map(end =>
      isGroup(symbols.addressText(end)),
    );
    if (!isOwnGroup) machines.set(own, machine);
    // What goes to a group is often on no wire, or on several, and is nobody's talk with anybody.
    if (isOwnGroup || isOtherGroup) continue;
    group.contacts.push(contact);
  }
  for (const list of [...groups.values()].flatMap(({ answers }) => [...answers.values()]))
    list.sort((one, other) => one.time - other.time);
  return { groups: [...groups.values()], machines };
}

const recordsFor = (flows: readonly Flow[]): number => sum(flows.map(({ again = [] }) => 1 + again.length));

/** Every record of a flow of the machines. */
const recordsOf = (encounters: readonly Encounter[], machines: ReadonlyMap<Address, string>): readonly Flow[] =>
  encounters.flatMap((one, at) =>
    one.side === 'flow' && (machines.has(one.originator) || machines.has(one.responder))
      ? [Object.assign(one, { at })]
      : [],
  );

/** Each flow once, whichever sensors saw it. */
function onceEach(records: readonly Flow[]): readonly Flow[] {
  const lists = new Map<string, Flow[]>();
  for (const record of records) listAt(lists, endsOf(record)).push(record);
  return [...lists.values()].flatMap(list => {
    if (list.length === 1) return list;
    const sorted = list.sort(
      (one, other) => one.time - other.time || one.segment - other.segment || one.line - other.line,
    );
    const once: { flow: Flow; again: Flow[] }[] = [];
    for (const flow of sorted) {
      const first = once.findLast(
        known => known.flow.segment !== flow.segment && flow.time - known.flow.time <= SAME_FLOW,
      );
      if (first) first.again.push(flow);
      else once.push({ flow, again: [] });
    }
    return once.map(({ flow, again }) => ({ ...flow, again }));
  });
}

/** The same for both directions. */
function endsOf({ originator, originatorPort, responder, responderPort, transport }: Encounter): string {
  const isFirst = originator < responder || (originator === responder && originatorPort <= responderPort);
  return isFirst
    ? `${transport}|${originator}|${originatorPort}|${responder}|${responderPort}`
    : `${transport}|${responder}|${responderPort}|${originator}|${originatorPort}`;
}

interface Match {
  readonly contact: Contact;
  readonly error: Micros;
}

/** The nearer in time; of equal ones by the words. */
const isBetter = (one: Match, other: Match): boolean =>
  one.error < other.error || (one.error === other.error && one.contact.line < other.contact.line);

/** How far a pair is off what its clock says; undefined where that is too much. */
function errorOf(contact: Contact, flow: Flow): Micros | undefined {
  const { clock } = contact.group;
  if (!clock) return undefined;
  const error = Math.abs(contact.time - flow.time - clock.offset);
  return error <= widthOf(contact, clock.isByDatagrams) ? error : undefined;
}

const isShared = ({ originatorPort, responderPort }: Encounter): boolean =>
  sharedPorts.has(responderPort) && originatorPort === responderPort;

const widthOf = ({ isTcp }: Contact, isByDatagrams: boolean): Micros =>
  isTcp && !isByDatagrams ? TCP_WIDTH / 2 : UDP_WIDTH;

type FlowsByEnds = ReadonlyMap<string, readonly Flow[]>;

/** The differences between a file's word and the sensor's, of pairs that may be the same connection. */
const differencesOf = (contacts: readonly Contact[], byKey: FlowsByEnds): readonly Micros[] =>
  contacts.flatMap(contact => {
    const flows = byKey.get(endsOf(contact)) ?? [];
    return flows.length > MOST_PAIRS ? [] : flows.map(({ time }) => contact.time - time);
  });

/** By connections, which are dated exactly. */
function clockOf({ contacts }: Group, byKey: FlowsByEnds): Group['clock'] {
  const differences = differencesOf(
    contacts.filter(({ isTcp }) => isTcp),
    byKey,
  );
  const offset = dominantOffset(differences, TCP_WIDTH);
  return offset && { ...offset, isByDatagrams: false };
}

/** Of a file in which no connection is dated: what another file of the same machine says, if its datagrams agree. */
function borrowedClock(group: Group, groups: readonly Group[], byKey: FlowsByEnds): Group['clock'] {
  const differences = differencesOf(group.contacts, byKey);
  const agreeing = ({ offset }: Offset): number =>
    differences.filter(difference => Math.abs(difference - offset) <= UDP_WIDTH).length;
  const [best] = groups
    .filter(({ machine, clock }) => machine === group.machine && clock && !clock.isByDatagrams)
    .flatMap(({ clock }) => (clock && agreeing(clock) > 0 ? [{ ...clock, support: agreeing(clock) }] : []))
    .sort((one, other) => other.support - one.support || Math.abs(one.offset) - Math.abs(other.offset));
  return best;
}

/** By datagrams alone: many must agree, and none between ports that everybody shares. */
function clockByDatagrams({ contacts }: Group, byKey: FlowsByEnds): Group['clock'] {
  const telling = contacts.filter(contact => !contact.isTcp && !isShared(contact));
  const offset = dominantOffset(differencesOf(telling, byKey), UDP_WIDTH);
  return offset && offset.support >= LEAST_DATAGRAMS ? { ...offset, isByDatagrams: true } : undefined;
}

/** How sure: the more pairs agree on the clock, the less a pair agrees by chance. */
function attributionOf({ contact }: Match): Attribution {
  const { clock } = contact.group;
  const { support = 0, offset = 0, isByDatagrams = true } = clock ?? {};
  const byClock = isByDatagrams
    ? 0.6
    : support >= 3
      ? 0.98
      : support === 2
        ? 0.9
        : Math.abs(offset) <= 5 * SECOND
          ? 0.85
          : 0.7;
  const byTransport = contact.isTcp ? 1 : 0.9;
  const byNumber = contact.process.guid === undefined ? 0.8 : 1;
  return { method: '5-tuple', confidence: Math.round(byClock * byTransport * byNumber * 100) / 100, offset };
}

/** Whoever last asked for a name of the responder's address, before the flow began. */
function askerOf(
  flow: Flow,
  groups: readonly Group[],
): { readonly contact: Contact; readonly offset: Micros } | undefined {
  let best: { readonly contact: Contact; readonly offset: Micros; readonly age: Micros } | undefined;
  for (const { clock, answers } of groups) {
    // Without a connection of the file nobody knows its clock.
    const offset = clock?.offset ?? 0;
    const list = answers.get(flow.responder) ?? [];
    const last = list[lastBefore(list, flow.time + offset + UDP_WIDTH)];
    const age = last && flow.time - (last.time - offset);
    if (!last || age === undefined || age > ANSWER_LASTS || (best && best.age <= age)) continue;
    best = { contact: last, offset, age };
  }
  return best;
}

/** The place of the last one up to a time; -1 where there is none. */
function lastBefore(list: readonly Contact[], time: Micros): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((list[middle]?.time ?? 0) <= time) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** When it was by the sensor's clock: that of its flow, or what its own clock's offset makes of it, to a tenth of a second. */
function sensorTimeOf(contact: Contact): Micros {
  const { time, group } = contact;
  const offset = group.clock?.offset ?? 0;
  return group.matched.get(contact)?.flow.time ?? time - Math.round(offset / TENTH) * TENTH;
}

const TENTH = SECOND / 10;

/** Of two as near the earlier one. */
const isNearer = (error: Micros, flow: Flow, other: { readonly flow: Flow; readonly error: Micros }): boolean =>
  error < other.error || (error === other.error && flow.time < other.flow.time);

/** So many answers back it is looked who asked. */
const MOST_ASKERS = 50;

/**
 * The program that had asked for the name of whom a process calls, where the process's own program had not: by the endpoint's
 * clock, which events of connections and of questions share, in whichever file they are.
 */
function otherAskerOf(
  { side, isTcp, process, responder, time }: Contact,
  groups: readonly Group[],
): string | undefined {
  if (side !== 'opened' || !isTcp || process.image === undefined) return undefined;
  const own = baseName(process.image).toLowerCase();
  let found: string | undefined;
  for (const { answers } of groups) {
    const list = answers.get(responder) ?? [];
    const last = lastBefore(list, time);
    for (let at = last; at >= 0 && at > last - MOST_ASKERS; at--) {
      const answer = list[at];
      if (!answer || answer.time <= time - ANSWER_LASTS) break;
      const { image } = answer.process;
      if (image === undefined || baseName(image).toLowerCase() === own) return undefined;
      found ??= baseName(image);
    }
  }
  return found;
}

/** The images of processes that only some of their records name. */
function imagesOf(groups: readonly Group[]): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const { process } of groups.flatMap(({ contacts }) => contacts))
    if (process.image !== undefined && process.guid !== undefined) images.set(nameKey(process), process.image);
  return images;
}

const nameKey = ({ machine, guid }: ProcessKey): string => `${machine} ${guid}`;

function reportOf({ path, machine, contacts, matched, clock }: Group): SourceAttribution {
  const doubt = clock && doubtOf(clock.offset);
  return {
    path,
    host: machine,
    events: contacts.length,
    matched: matched.size,
    ...(clock && { clock_offset_s: Math.round(clock.offset / 1000) / 1000 }),
    doubts: doubt === undefined ? [] : [doubt],
  };
}

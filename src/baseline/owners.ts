import type { SymbolId, Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { fingerprintOf } from '../value/fingerprint.ts';
import { readGuid } from '../value/guid.ts';
import { listAt, madeAt } from '../value/made-at.ts';
import { lazily, once } from '../value/once.ts';
import { PairMap } from '../value/pair-map.ts';
import { type Micros, SECOND } from '../value/time.ts';
import type { Identities } from './identities.ts';
import { listIn, type Process } from './process.ts';
import type { Processes } from './processes.ts';
import { NONE, type Row } from './row.ts';
import { partsOf, type Trait, traits } from './traits.ts';

/**
 * By the ports; because it had been answered the peer's address; because it had asked for the name that it is about, for which the
 * system's own resolver sends the datagrams; by the endpoint's own word alone.
 */
type Method = '5-tuple' | 'dns-answer' | 'dns-query' | 'endpoint';

/** How it is known whose a flow is, and how sure that is, from 0 to 1. */
export interface Attribution {
  /** By the addresses and ports of the flow itself; or because just that process had asked for a name of the peer's address. */
  readonly method: Method;
  readonly confidence: number;
  /** By how much the endpoint's clock is ahead of the sensor's. */
  readonly offset: Micros;
}

/** A process, and what it had to do with a subject. */
export interface Owner extends Attribution {
  readonly process: Process;
  readonly side: 'opened' | 'accepted' | 'contacted' | 'borrowed';
  /** How many flows, and from when to when. */
  readonly flows: number;
  readonly first: Micros;
  readonly last: Micros;
  /** The file of the program that had asked for the peer's name, where that was another one. */
  readonly asker?: string;
  /** Whose flows, with whom, on which port. */
  readonly row: Row;
}

/** Whose flows are meant; what is undefined may be any. */
export interface Subject {
  readonly host: Address;
  readonly peer: Address;
  readonly port?: number | undefined;
  readonly transport?: string | undefined;
}

/** A process, and what it had to do with one flow. */
export type OwnerOfOne = Pick<Owner, keyof Attribution | 'process' | 'side'>;

/** Which processes opened and accepted a flow, by the fingerprint of its identifier, as names of rows. */
export interface FlowOwners {
  readonly opened?: SymbolId;
  readonly accepted?: SymbolId;
}

interface Question {
  readonly host: Address;
  readonly domain: string;
  readonly from: Micros;
  readonly to: Micros;
}

/** Which processes opened the flows of hosts, and accepted those that came to them. */
export interface Owners {
  /** Whom processes called, by the word of their own machines. */
  readonly contacts: readonly Owner[];
  /** A process that called somebody, by its identifier, which no two machines give. */
  processOf(guid: string): Process | undefined;
  /** Which programs of a host asked for names of a registered domain within a time; which of several processes of one program, nobody knows. */
  askers(question: Question): readonly Owner[];
  /** Those of them for whose names other programs had asked. */
  readonly borrowed: readonly Owner[];
  opened(subject: Subject): readonly Owner[];
  /** Whose a flow was, by the sensor's identifier of it. */
  ofFlow(uid: string): readonly OwnerOfOne[];
  /** The flows and the calls of one process. */
  ofProcess(guid: string): readonly Owner[];
  contacted(subject: Subject): readonly Owner[];
  accepted(subject: Omit<Subject, 'peer'>): readonly Owner[];
}

/** What the name of a row says. */
type Known = Pick<Owner, keyof Attribution | 'process' | 'asker'>;

/** A clock is estimated anew by each run, and never to the same hundredth. */
const TENTH = SECOND / 10;

/** As the name of a row. */
export const ownerText = (process: Process, { method, confidence, offset }: Attribution, asker?: string): string =>
  JSON.stringify([
    ...[process, method, confidence, Math.round(offset / TENTH) / 10],
    ...(asker === undefined ? [] : [asker]),
  ]);

interface Ingredients {
  readonly rowsOf: (trait: Trait) => readonly Row[];
  readonly symbols: Symbols;
  readonly identities: Identities;
  readonly processes: Processes;
  ownersOfFlow(fingerprint: number): FlowOwners | undefined;
}

export function ownersIn({ rowsOf, symbols, identities, processes, ownersOfFlow }: Ingredients): Owners {
  const known = new Map<SymbolId, Known | undefined>();
  const readOwner = (name: SymbolId): Known | undefined => madeAt(known, name, () => ownerIn(symbols.text(name)));
  const ownersOf = (side: Owner['side']): readonly Owner[] =>
    rowsOf(side).flatMap(row => {
      const known = readOwner(row.name);
      return known ? [{ ...known, side, flows: row.count, first: row.first, last: row.last, row }] : [];
    });
  const isThere =
    ({ port, transport }: Pick<Subject, 'port' | 'transport'>) =>
    ({ row }: Owner): boolean =>
      (port === undefined || row.port === NONE || row.port === port) &&
      (transport === undefined || symbols.text(row.transport) === transport);
  const byPair = lazily((side: 'opened' | 'contacted') => {
    const pairs = new PairMap<Address, Address, Owner[]>();
    for (const owner of ownersOf(side)) pairs.at(owner.row.entity, owner.row.peer, () => []).push(owner);
    return pairs;
  });
  const byHost = lazily((side: 'accepted') => {
    const hosts = new Map<Address, Owner[]>();
    for (const owner of ownersOf(side)) listAt(hosts, owner.row.entity).push(owner);
    return hosts;
  });
  const contacts = once(() => [...byPair('contacted').values()].flat());
  /** Sysmon for Linux gives several processes one GUID: then it names none of them. */
  const byGuid = once(() => {
    const processes = new Map<string, Process | undefined>();
    for (const { process } of contacts()) {
      const { guid, pid } = process;
      if (guid === undefined) continue;
      const known = processes.get(guid);
      if (!processes.has(guid)) processes.set(guid, process);
      else if (known && known.pid !== pid) processes.set(guid, undefined);
    }
    return processes;
  });
  const ownersByGuid = once(() => {
    const owners = new Map<string, Owner[]>();
    for (const side of ['opened', 'contacted'] as const)
      for (const owner of [...byPair(side).values()].flat())
        if (owner.process.guid !== undefined) listAt(owners, owner.process.guid).push(owner);
    return owners;
  });
  const questions = once(() => {
    const rows = new PairMap<Address, string, Row[]>();
    for (const row of rowsOf('asked')) rows.at(row.entity, partsOf(symbols.text(row.name))[1], () => []).push(row);
    return rows;
  });
  const askerIn = (row: Row, from: Micros): Owner => {
    const [image] = partsOf(symbols.text(row.name));
    const machine = symbols.addressText(row.entity);
    // What is known is who asked first: of what was asked for again later only the program.
    const guid = row.first >= from ? readGuid(row.reference.uid) : undefined;
    const known = guid === undefined ? undefined : byGuid().get(guid);
    const process = known ?? processes.of({ machine, image, guid }, undefined);
    const attribution = { method: 'dns-query', confidence: 0.7, offset: 0 } as const;
    return { ...attribution, process, side: 'opened', flows: row.count, first: row.first, last: row.last, row };
  };
  const between =
    (side: 'opened' | 'contacted') =>
    (subject: Subject): readonly Owner[] =>
      (byPair(side).get(subject.host, subject.peer) ?? []).filter(isThere(subject));
  return {
    get borrowed() {
      return ownersOf('borrowed');
    },
    get contacts() {
      return contacts();
    },
    processOf: guid => byGuid().get(guid),
    askers({ host, domain, from, to }) {
      const machine = identities.hostAt(host);
      const rows = machine === undefined ? [] : (questions().get(machine, domain) ?? []);
      return rows.filter(({ first, last }) => first <= to && last >= from).map(row => askerIn(row, from));
    },
    ofFlow(uid) {
      const known = ownersOfFlow(fingerprintOf(uid));
      return (['opened', 'accepted'] as const).flatMap(side => {
        const owner = known?.[side] === undefined ? undefined : readOwner(known[side]);
        return owner ? [{ ...owner, side }] : [];
      });
    },
    ofProcess: guid => ownersByGuid().get(guid) ?? [],
    opened: between('opened'),
    contacted: between('contacted'),
    accepted: subject => (byHost('accepted').get(subject.host) ?? []).filter(isThere(subject)),
  };
}

function ownerIn(text: string): Known | undefined {
  const [process, method, confidence, offset, asker] = listIn(text);
  if (typeof process !== 'object' || process === null || typeof confidence !== 'number') return undefined;
  const seconds = typeof offset === 'number' ? offset : 0;
  return {
    process: process as Process,
    method: method as Method,
    confidence,
    offset: Math.round(seconds * SECOND),
    ...(typeof asker === 'string' && { asker }),
  };
}

export const OPENED = traits.indexOf('opened');
export const ACCEPTED = traits.indexOf('accepted');
export const CONTACTED = traits.indexOf('contacted');
export const BORROWED = traits.indexOf('borrowed');

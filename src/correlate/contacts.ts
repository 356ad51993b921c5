import { keyIn, type ProcessKey } from '../baseline/process.ts';
import type { SymbolId, Symbols } from '../kernel/symbols.ts';
import { type Address, isGroup, isIPv4, loopback } from '../value/address.ts';
import { listAt, madeAt } from '../value/made-at.ts';
import type { Encounter, Encounters } from './encounters.ts';

/** An endpoint's word about one connection, or about one answer to a question for a name. */
export interface Contact extends Encounter {
  readonly process: ProcessKey;
  readonly account: Account;
  /** The machine's own end. */
  readonly own: Address;
  readonly isTcp: boolean;
  /** By which its flow is known. */
  readonly ends: string;
  /** Its place among the encounters. */
  readonly at: number;
}

/** What one file tells of one machine. */
export interface Account {
  readonly path: string;
  readonly machine: string;
  readonly contacts: Contact[];
  /** What its processes were answered, by address and in their order. */
  readonly answers: Map<Address, Contact[]>;
}

interface Told {
  readonly accounts: readonly Account[];
  /** Which machines have had an address. */
  readonly machines: ReadonlyMap<Address, ReadonlySet<string>>;
}

/** Everything that endpoints say, by file and machine. */
export function contactsIn(encounters: Encounters, symbols: Symbols, sourceOf: (segment: number) => string): Told {
  const accounts = new Map<string, Account>();
  const keys = new Map<SymbolId, ProcessKey | undefined>();
  const met = new Set<string>();
  const machines = new Map<Address, Set<string>>();
  const tcp = symbols.of('tcp');
  const isMany = (address: Address): boolean => isGroup(symbols.addressText(address));
  const isNowhere = (address: Address): boolean =>
    isIPv4(address) ? loopback.hasIPv4(address) : loopback.hasIPv6(symbols.addressText(address));

  for (let at = 0; at < encounters.size; at++) {
    if (encounters.sideAt(at) === 'flow') continue;
    const one = encounters.at(at);
    const process = madeAt(keys, one.who, () => keyIn(symbols.text(one.who)));
    if (!process) continue;
    const { machine } = process;
    const path = sourceOf(one.segment);
    const account = madeAt(
      accounts,
      `${path}\n${machine}`,
      (): Account => ({ path, machine, contacts: [], answers: new Map() }),
    );
    const own = one.side === 'accepted' ? one.responder : one.originator;
    const ends = endsOf(one);
    const contact = Object.assign(one, { process, account, own, isTcp: one.transport === tcp, ends, at });
    if (one.side === 'answer') {
      listAt(account.answers, one.responder).push(contact);
      continue;
    }
    // An export that is there twice says nothing more than once.
    const identity = `${one.side} ${one.who} ${one.time} ${ends}`;
    if (met.has(identity)) continue;
    met.add(identity);
    if (isNowhere(one.originator) || isNowhere(one.responder)) continue;
    if (!isMany(own)) madeAt(machines, own, () => new Set()).add(machine);
    // What goes to a group is often on no wire, or on several, and is nobody's talk with anybody.
    if (!isMany(one.originator) && !isMany(one.responder)) account.contacts.push(contact);
  }
  const all = [...accounts.values()];
  for (const list of all.flatMap(({ answers }) => [...answers.values()]))
    list.sort((one, other) => one.time - other.time);
  return { accounts: all, machines };
}

/** By which a flow and a contact are known to be of the same two ends: the same for both directions. */
export function endsOf({ originator, originatorPort, responder, responderPort, transport }: Encounter): string {
  const isFirst = originator < responder || (originator === responder && originatorPort <= responderPort);
  return isFirst
    ? `${transport}|${originator}|${originatorPort}|${responder}|${responderPort}`
    : `${transport}|${responder}|${responderPort}|${originator}|${originatorPort}`;
}

/** What is shared by all programs of a machine: from one port to the same one, for days. */
const sharedPorts: ReadonlySet<number> = new Set([137, 138, 1900, 5353, 5355]);

export const isShared = ({ originatorPort, responderPort }: Encounter): boolean =>
  sharedPorts.has(responderPort) && originatorPort === responderPort;

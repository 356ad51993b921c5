import type { Baseline } from '../baseline/baseline.ts';
import type { Evidence } from '../finding/evidence.ts';
import type { Scope } from '../finding/finding.ts';
import type { Address } from '../value/address.ts';

/** Evidence of one rule, seen from our own host: who it is, whom it deals with, and which way round. */
export interface Account {
  readonly evidence: Evidence;
  readonly host: Address | undefined;
  readonly peer: Address | undefined;
  /** The host is the responder. */
  readonly isInbound: boolean;
}

/** What becomes one finding: everything that one rule has to say about one subject. */
export interface Case {
  readonly scope: Scope;
  readonly accounts: readonly Account[];
  readonly hosts: readonly Address[];
  readonly peers: readonly Address[];
}

/** From how many hosts on the same peer is a matter of that server, and not of each host. */
const HOSTS_OF_A_SERVER = 3;
/** From how many peers on the same oddity is a habit of the host. */
const PEERS_OF_A_HOST = 5;
/** From how many hosts on, and from which share of all, the same oddity is a habit of the network. */
const HOSTS_OF_A_NETWORK = 10;
const SHARE_OF_A_NETWORK = 0.02;

/**
 * Sorts the evidence of one rule into cases, the widest subject first, so that one finding stands for a thousand lines.
 * `isTold`: whether the rule tells of a host.
 */
export function casesOf(
  evidence: readonly Evidence[],
  baseline: Baseline,
  isTold: (host: Address | undefined) => boolean,
): readonly Case[] {
  const accounts = evidence.map(piece => accountOf(piece, baseline)).filter(({ host }) => isTold(host));
  const single = accounts.filter(({ evidence }) => evidence.standsAlone);
  const rest = accounts.filter(({ evidence }) => !evidence.standsAlone);

  const servers = split(rest, serverKey, ({ hosts }) => hosts.length >= HOSTS_OF_A_SERVER);
  const habits = split(servers.rest, habitKey, ({ peers }) => peers.length >= PEERS_OF_A_HOST);
  const many = Math.max(HOSTS_OF_A_NETWORK, baseline.hosts * SHARE_OF_A_NETWORK);
  const network = split(habits.rest, networkKey, ({ hosts }) => hosts.length >= many);
  const pairs = split([...network.rest, ...single], pairKey, () => true);

  return [
    ...servers.groups.map(group => ({ ...group, scope: group.peers.length > 0 ? 'server' : 'network' }) as const),
    ...habits.groups.map(group => ({ ...group, scope: 'host' }) as const),
    ...network.groups.map(group => ({ ...group, scope: 'network' }) as const),
    ...pairs.groups.map(group => ({ ...group, scope: group.hosts.length > 0 ? 'pair' : 'network' }) as const),
  ];
}

/** Our host is the end that is local; of two local ones, and of none, the one that began. */
function accountOf(evidence: Evidence, baseline: Baseline): Account {
  const { originator, responder } = evidence;
  const isInbound =
    responder !== undefined &&
    baseline.isLocal(responder) &&
    (originator === undefined || !baseline.isLocal(originator));
  const [host, peer] = isInbound ? [responder, originator] : [originator, responder];
  return { evidence, host: host && (baseline.identities.addressOf(host) ?? host), peer, isInbound };
}

export const aspectOf = ({ evidence }: Account): string => evidence.sign.aspect ?? '';

/** Not every log has the transport of what it tells, so that the port alone names the service. */
const portOf = ({ evidence }: Account): number | undefined => evidence.port;

/** Undefined: of no use for this grouping. */
type Key = (account: Account) => string | undefined;

const serverKey: Key = account =>
  account.isInbound ? undefined : [account.peer, portOf(account), aspectOf(account)].join('|');

/** What many from outside do to a server of ours is no habit of the server's. */
const habitKey: Key = account =>
  account.host === undefined || account.peer === undefined || account.isInbound
    ? undefined
    : [account.host, aspectOf(account)].join('|');

/** What belongs to no host at all is a matter of the network anyway. */
const networkKey: Key = aspectOf;

/** Two parties are one subject whatever the aspect; a host alone is one subject for each. */
const pairKey: Key = account =>
  account.peer === undefined && !account.isInbound
    ? [account.host, aspectOf(account)].join('|')
    : [account.host, account.isInbound, account.isInbound || account.peer, portOf(account)].join('|');

interface Group {
  readonly accounts: readonly Account[];
  readonly hosts: readonly Address[];
  readonly peers: readonly Address[];
}

function split(
  accounts: readonly Account[],
  keyOf: Key,
  isOne: (group: Group) => boolean,
): { groups: Group[]; rest: Account[] } {
  const byKey = new Map<string, Account[]>();
  const rest: Account[] = [];
  for (const account of accounts) {
    const key = keyOf(account);
    if (key === undefined) {
      rest.push(account);
      continue;
    }
    const members = byKey.get(key) ?? [];
    members.push(account);
    byKey.set(key, members);
  }
  const groups: Group[] = [];
  for (const members of byKey.values()) {
    const group = {
      accounts: members,
      hosts: distinct(members.map(({ host }) => host)),
      peers: distinct(members.map(({ peer }) => peer)),
    };
    if (isOne(group)) groups.push(group);
    else for (const member of members) rest.push(member);
  }
  return { groups, rest };
}

const distinct = (addresses: readonly (Address | undefined)[]): readonly Address[] => [
  ...new Set(addresses.filter(address => address !== undefined)),
];

import { v5 as uuid } from 'uuid';
import type { Baseline } from '../baseline/baseline.ts';
import { baseName, processTitle } from '../baseline/process.ts';
import type { Incident } from '../finding/incident.ts';
import type { Address } from '../value/address.ts';
import { isAtLeast, type Level } from '../value/level.ts';
import { listAt } from '../value/made-at.ts';
import { inTextOrder } from '../value/order.ts';
import { counted, listedFew } from '../value/text.ts';
import { HOUR, isoTime, type Micros } from '../value/time.ts';
import { type Culprit, ownersOf } from './culprits.ts';
import { machineOf } from './describe.ts';
import { levelOfScore, noisyOr, type Reason, weightiestFirst } from './score.ts';
import type { Weighed } from './weigh.ts';

/** What is known of a finding before it is written. */
export interface Candidate {
  readonly id: string;
  readonly level: Level;
  readonly score: number;
  readonly start: Micros;
  readonly end: Micros;
  readonly isList: boolean;
  readonly found: Weighed;
}

/** Findings that lie further apart are two incidents. */
const APART = HOUR;
/** What so many hosts or peers share joins nobody to anybody. */
const MOST_SHARING = 10;
/** How much a finding about another peer adds to what is told of the first one. */
const FURTHER_PEER = 0.5;

/**
 * Programs that act for everybody on a machine, or that start everything: two oddities have no more to do with each other for
 * having the same one behind them.
 */
const hubs: ReadonlySet<string> = new Set([
  ...['system', 'smss.exe', 'wininit.exe', 'winlogon.exe', 'services.exe', 'svchost.exe', 'lsass.exe', 'dns.exe'],
  ...['explorer.exe', 'userinit.exe', 'taskhostw.exe', 'spoolsv.exe', 'wmiprvse.exe', 'wsmprovhost.exe', 'dllhost.exe'],
  ...[
    'chrome.exe',
    'msedge.exe',
    'firefox.exe',
    'iexplore.exe',
    'brave.exe',
    'opera.exe',
    'safari',
    'chrome',
    'firefox',
  ],
  ...['systemd', 'init', 'cron', 'crond', 'sshd', 'launchd', 'containerd-shim', 'systemd-resolved'],
]);

/** Puts findings together that share a host and a peer, or a host and a process or what started it, within an hour. */
export function incidentsOf(candidates: readonly Candidate[], baseline: Baseline): readonly Incident[] {
  const main = candidates.filter(({ level, isList }) => isAtLeast(level, 'low') && !isList);
  const culprits = new Map(main.map(({ id, found }) => [id, ownersOf(found, baseline)]));
  const groups = joinedBy(main, ({ id, found }) => [...pairsOf(found), ...treesOf(culprits.get(id) ?? [])]);
  const byPair = new Map<string, Candidate[]>();
  for (const group of groups) for (const { found } of group) for (const pair of pairsOf(found)) byPair.set(pair, group);
  // What is informational makes no incident, but is part of its story.
  for (const minor of candidates) {
    if (isAtLeast(minor.level, 'low') || minor.isList) continue;
    const group = pairsOf(minor.found)
      .map(pair => byPair.get(pair))
      .find(found => found !== undefined);
    if (group?.some(other => areNear(minor, other))) group.push(minor);
  }
  return groups.map(group => incidentOf(group, culprits, baseline)).sort(weightiestFirst);
}

const areNear = (one: Candidate, other: Candidate): boolean =>
  one.start <= other.end + APART && other.start <= one.end + APART;

/** The pairs of a host and a peer that a finding is about. */
function pairsOf({ scope, hosts, peers, lead }: Weighed): readonly string[] {
  if (scope === 'network') return [];
  if (lead.isInbound) return hosts.map(host => `inbound ${host}`);
  if (hosts.length > MOST_SHARING || peers.length > MOST_SHARING) return [];
  return hosts.flatMap(host => peers.map(peer => pairText(host, peer)));
}

/** Either may have begun. */
const pairText = (one: Address, other: Address): string => `pair ${Math.min(one, other)} ${Math.max(one, other)}`;

/** The processes behind a finding, and those that started them. */
function treesOf(culprits: readonly Culprit[]): readonly string[] {
  return culprits
    .filter(({ side }) => side === 'opened')
    .flatMap(({ process }) => {
      const { machine, ancestors } = process;
      return [process, ...ancestors].flatMap(each => {
        const which = each.guid ?? each.pid;
        const isHub = hubs.has(baseName(each.image ?? '').toLowerCase());
        return which === undefined || isHub ? [] : [`process ${machine.toLowerCase()} ${which}`];
      });
    });
}

/** Those that share a key and are near each other in time, directly or by way of others. */
function joinedBy(members: readonly Candidate[], keysOf: (member: Candidate) => readonly string[]): Candidate[][] {
  const groupOf = new Map<Candidate, Candidate[]>(members.map(member => [member, [member]]));
  const byKey = new Map<string, Candidate[]>();
  for (const member of members) for (const key of new Set(keysOf(member))) listAt(byKey, key).push(member);
  for (const sharing of byKey.values()) {
    const [first, ...others] = sharing.sort((one, other) => one.start - other.start);
    let last = first;
    let end = first?.end ?? 0;
    for (const next of others) {
      if (last && next.start <= end + APART) join(last, next, groupOf);
      end = Math.max(end, next.end);
      last = next;
    }
  }
  return [...new Set(groupOf.values())];
}

function join(one: Candidate, other: Candidate, groupOf: Map<Candidate, Candidate[]>): void {
  const group = groupOf.get(one) ?? [];
  const others = groupOf.get(other) ?? [];
  if (group === others) return;
  for (const member of others) {
    group.push(member);
    groupOf.set(member, group);
  }
}

function incidentOf(
  group: readonly Candidate[],
  culprits: ReadonlyMap<string, readonly Culprit[]>,
  baseline: Baseline,
): Incident {
  const inTime = [...group].sort((one, other) => one.start - other.start || inTextOrder(one.id, other.id));
  const main = inTime.filter(({ level }) => isAtLeast(level, 'low'));
  const [first] = main;
  const start = inTime.reduce((least, member) => Math.min(least, member.start), Number.POSITIVE_INFINITY);
  const end = inTime.reduce((most, member) => Math.max(most, member.end), 0);
  const score = scoreOf(main);
  const named = (addresses: readonly Address[]): readonly string[] =>
    [...new Set(addresses)].map(address => baseline.symbols.addressText(address)).sort();
  const byScore = [...main].sort((one, other) => other.score - one.score || inTextOrder(one.id, other.id));
  const hosts = named(byScore.flatMap(({ found }) => (found.lead.evidence.isPerson ? [] : found.hosts)));
  const peers = named(byScore.flatMap(({ found }) => found.peers));
  const processes = [
    ...new Set(
      byScore
        .flatMap(({ id }) => culprits.get(id) ?? [])
        .filter(({ side }) => side === 'opened')
        .map(({ process }) => processTitle(process)),
    ),
  ];
  return {
    id: uuid(JSON.stringify(['incident', first?.id]), NAMESPACE),
    ...{ score, level: levelOfScore(score), start: isoTime(start), end: isoTime(end), hosts, peers, processes },
    message: messageOf(byScore, { hosts, peers, processes }, culprits, baseline),
    findings: inTime.map(({ id }) => id),
  };
}

/** The weightiest finding, and what is told of other peers beside it; what is told of the same one is in its score already. */
function scoreOf(main: readonly Candidate[]): number {
  const best = new Map<string, number>();
  for (const { found, score } of main) {
    const peers = found.peers.length > MOST_SHARING ? 'many' : [...found.peers].sort().join();
    best.set(peers, Math.max(best.get(peers) ?? 0, score));
  }
  const [lead = 0, ...others] = [...best.values()].sort((one, other) => other - one);
  const reasons = [lead, ...others.map(score => score * FURTHER_PEER)].map(
    (score): Reason => ({ because: '', weight: score / 100 }),
  );
  return noisyOr(reasons).score;
}

/** So many of each are named in the sentence. */
const MOST_NAMED = 3;

function messageOf(
  byScore: readonly Candidate[],
  { hosts, peers, processes }: Pick<Incident, 'hosts' | 'peers' | 'processes'>,
  culprits: ReadonlyMap<string, readonly Culprit[]>,
  baseline: Baseline,
): string {
  const [lead] = byScore;
  const name = lead && machineOf(lead.found, culprits.get(lead.id) ?? [], baseline);
  const who =
    hosts.length === 1 ? `${hosts[0]}${name === undefined ? '' : ` (${name})`}` : counted(hosts.length, 'host');
  const isInbound = lead?.found.lead.isInbound === true;
  const whom = peers.length === 0 ? '' : isInbound ? 'outside → ' : ` → ${namedFew(peers, 'peer')}`;
  const subject = isInbound ? `${whom}${who}` : `${who}${whom}`;
  return processes.length === 0 ? subject : `${subject}, by ${namedFew(processes, 'process', 'processes')}`;
}

const namedFew = (names: readonly string[], noun: string, plural = `${noun}s`): string =>
  listedFew(names, {
    shown: names.length > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED,
    more: count => counted(count, `more ${noun}`, `more ${plural}`),
  });

/** Of the ids of incidents among all UUIDs: made once for this project. */
const NAMESPACE = '5e1b6c0e-93c4-5b0a-8a55-4c6f2f6f8d10';

import type { Baseline } from '../baseline/baseline.ts';
import { processTitle } from '../baseline/process.ts';
import type { Direction, Finding } from '../finding/finding.ts';
import { type Address, isAddress } from '../value/address.ts';
import { inTextOrder } from '../value/order.ts';
import { counted, figure, listedFew } from '../value/text.ts';
import { type Account, aspectOf } from './case.ts';
import type { Culprit } from './culprits.ts';
import type { Weighed } from './weigh.ts';

/** Lists in a finding end here; the counts beside them are always whole. */
const MOST_LISTED = 100;

/** Whom a finding is about and what it says, in one line. */
export function messageOf(found: Weighed, count: number, culprits: readonly Culprit[], baseline: Baseline): string {
  return `${sentenceOf(found, count, baseline)}${culpritText(found, culprits)}`;
}

/** So many processes are named in the sentence. */
const MOST_NAMED = 2;

/** Who did it, where that is not the sentence's own matter. */
function culpritText({ lead }: Weighed, culprits: readonly Culprit[]): string {
  const [first, ...others] = culprits;
  if (!first || lead.evidence.process !== undefined || lead.evidence.by !== undefined) return '';
  if (first.method === 'dns-query') return `; ${processTitle(first.process)} asked for it`;
  const same = [first, ...others].filter(({ side }) => side === first.side);
  const names = same.map(({ process }) => processTitle(process));
  const who = listedFew(names, { shown: MOST_NAMED, more: count => counted(count, 'more process', 'more processes') });
  return `; ${who} ${first.side} it`;
}

function sentenceOf(found: Weighed, count: number, baseline: Baseline): string {
  const { evidence } = found.lead;
  const who = whoOf(found, baseline);
  if (evidence.list) return `${who}: ${evidence.sign.summary}`;
  const others = alsoOf(found);
  const own = found.accounts.filter(account => aspectOf(account) === aspectOf(found.lead));
  const isVaried = evidence.sign.isVaried || isByMore(own);
  const summary = `${evidence.sign.summary}${isVaried ? ', and others like it' : ''}`;
  if (others === '') return `${who}: ${summary}${timesText(count)}`;
  const times = own.reduce((sum, account) => sum + account.evidence.count, 0);
  return `${who}: ${summary}${timesText(times)}${others} (${figure(count)} in all)`;
}

/** About more processes than the one that is named. */
const isByMore = (accounts: readonly Account[]): boolean =>
  new Set(accounts.flatMap(({ evidence: { by } }) => (by ? [`${by.machine} ${by.guid ?? by.pid}`] : []))).size > 1;

const timesText = (count: number): string => (count > 1 ? ` (${counted(count, 'time')})` : '');

function whoOf(found: Weighed, baseline: Baseline): string {
  const { scope, hosts, peers, lead } = found;
  const role = baseline.assetOf(lead.host)?.role;
  const host = `${nameOf(lead.host, baseline)}${role === undefined ? '' : ` (${role})`}`;
  const service = `${nameOf(lead.isInbound ? lead.host : lead.peer, baseline)}${portText(lead)}`;
  switch (scope) {
    case 'pair':
      if (lead.peer === undefined || isByMany(found)) return isAboutCallers(lead) ? `outside → ${service}` : host;
      return `${lead.isInbound ? nameOf(lead.peer, baseline) : host} → ${service}`;
    case 'server':
      return `${counted(hosts.length, 'host')} → ${service}`;
    case 'host':
      return `${host} → ${counted(peers.length, 'peer')}`;
    case 'network':
      return hosts.length === 0 ? 'the network' : counted(hosts.length, 'host');
  }
}

/** Several from outside: none of them is named for all. */
const isByMany = ({ lead, peers }: Weighed): boolean => lead.isInbound && peers.length > 1;

const portText = ({ evidence }: Account): string => (evidence.port === undefined ? '' : `:${evidence.port}`);

/** What many from outside do with a port is about them; that the port answers at all is about the host alone. */
const isAboutCallers = ({ isInbound, evidence }: Account): boolean =>
  isInbound && evidence.port !== undefined && !evidence.novelty;

/** What else the rule has seen in the same subject, by how often. */
function alsoOf({ accounts, lead }: Weighed): string {
  const others = new Map<string, number>();
  for (const account of accounts) {
    const { evidence } = account;
    if (aspectOf(account) === aspectOf(lead)) continue;
    others.set(evidence.sign.summary, (others.get(evidence.sign.summary) ?? 0) + evidence.count);
  }
  const [first, ...rest] = [...others].sort(([one, ones], [other, twos]) => twos - ones || inTextOrder(one, other));
  if (!first) return '';
  return rest.length === 0
    ? `; also ${first[0]}`
    : `; also ${first[0]}, and ${counted(rest.length, 'thing')} more of the kind`;
}

/** What the finding's id is made of, beside the rule. */
export function keyOf({ scope, lead }: Weighed, baseline: Baseline): Finding['oddtalk']['key'] {
  const { port, sign } = lead.evidence;
  const service = { ...(port !== undefined && { port }) };
  const who = lead.evidence.isPerson ? 'user' : 'host';
  const host = { ...(lead.host !== undefined && { [who]: baseline.symbols.addressText(lead.host) }) };
  const peer = { ...(lead.peer !== undefined && { peer: baseline.symbols.addressText(lead.peer) }) };
  const aspect = { ...(sign.aspect && { aspect: sign.aspect }) };
  switch (scope) {
    case 'pair':
      if (lead.isInbound) return { ...host, ...service, direction: 'inbound' };
      return lead.peer === undefined ? { ...host, ...aspect } : { ...host, ...peer, ...service };
    case 'server':
      return { ...peer, ...service, ...aspect };
    case 'host':
      return { ...host, ...aspect };
    case 'network':
      return aspect;
  }
}

/** ECS's host, source, destination and network, as far as they are one. */
export function partiesOf(
  found: Weighed,
  culprits: readonly Culprit[],
  baseline: Baseline,
): Pick<Finding, 'host' | 'source' | 'destination' | 'network'> {
  const { scope, lead, accounts } = found;
  const { port } = lead.evidence;
  const [transport] = accounts.flatMap(({ evidence }) => evidence.transport ?? []).sort();
  const isOne = (scope === 'pair' || scope === 'host') && !lead.evidence.isPerson;
  const host = isOne ? lead.host : undefined;
  const peer = (scope === 'pair' || scope === 'server') && !isByMany(found) ? lead.peer : undefined;
  const [source, destination] = lead.isInbound ? [peer, host] : [host, peer];
  const destinationPort = scope === 'pair' || scope === 'server' ? port : undefined;
  const direction = directionOf(found, baseline);
  return {
    ...(host !== undefined && { host: hostOf(host, machineOf(found, culprits, baseline), baseline) }),
    ...withAddress('source', source, undefined, baseline),
    ...withAddress('destination', destination, destinationPort, baseline),
    ...((transport !== undefined || direction !== undefined) && {
      network: { ...(transport !== undefined && { transport }), ...(direction !== undefined && { direction }) },
    }),
  };
}

function withAddress(
  name: 'source' | 'destination',
  address: Address | undefined,
  port: number | undefined,
  { symbols }: Baseline,
) {
  const text = address === undefined ? '' : symbols.addressText(address);
  if (!isAddress(text)) return {};
  return { [name]: { ip: text, ...(port !== undefined && { port }) } };
}

/** A machine by its address, its name, or both. */
function hostOf(host: Address, name: string | undefined, { symbols }: Baseline): NonNullable<Finding['host']> {
  const text = symbols.addressText(host);
  if (!isAddress(text)) return { name: text };
  return { ip: [text], ...(name !== undefined && { name }) };
}

/** What the host calls itself, by the process that did it: an address may have been another machine's on another day. */
export function machineOf(
  { lead }: Weighed,
  culprits: readonly Culprit[],
  { symbols, identities }: Baseline,
): string | undefined {
  const culprit = culprits.find(({ side }) => side === (lead.isInbound ? 'accepted' : 'opened'));
  const named = lead.host === undefined ? undefined : identities.hostAt(lead.host);
  return culprit?.process.machine ?? (named === undefined ? undefined : symbols.addressText(named));
}

function directionOf({ lead }: Weighed, baseline: Baseline): Direction | undefined {
  const { host, peer, isInbound } = lead;
  if (host === undefined || (peer === undefined && !isInbound)) return undefined;
  if (isInbound) return 'inbound';
  if (!baseline.isLocal(host)) return 'external';
  return peer !== undefined && baseline.isLocal(peer) ? 'internal' : 'outbound';
}

/** Several addresses as a list, in an order that does not depend on how they were met. */
export const textsOf = (addresses: readonly Address[], { symbols }: Baseline): readonly string[] =>
  addresses
    .map(address => symbols.addressText(address))
    .sort()
    .slice(0, MOST_LISTED);

function nameOf(address: Address | undefined, { symbols }: Baseline): string {
  return address === undefined ? 'somebody' : symbols.addressText(address);
}

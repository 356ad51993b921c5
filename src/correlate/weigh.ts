import type { Evidence } from '../finding/evidence.ts';
import type { Rule } from '../rule/rule.ts';
import type { Address } from '../value/address.ts';
import { severityOf } from '../value/level.ts';
import { inTextOrder } from '../value/order.ts';
import { counted } from '../value/text.ts';
import type { Account, Case } from './case.ts';
import { type Reason, rarityOf, weightOf } from './score.ts';

/** A case with what it is worth alone. */
export interface Weighed extends Case {
  readonly rule: Rule;
  /** The account that weighs most and so speaks for the case. */
  readonly lead: Account;
  readonly reason: Reason;
  readonly confidence: number;
  /** How many hosts show what the lead shows. */
  readonly prevalence: Prevalence;
}

/** How many hosts show something, of how many. */
export interface Prevalence {
  readonly hosts: number;
  readonly of: number;
}

/** How many hosts show each aspect of a rule, whatever case it went into. */
export function prevalenceIn(cases: readonly Case[], ofHosts: number): (evidence: Evidence) => Prevalence {
  const hosts = new Map<string, Set<Address>>();
  for (const { evidence, host } of cases.flatMap(({ accounts }) => accounts)) {
    const aspect = evidence.sign.aspect ?? '';
    const showing = hosts.get(aspect) ?? new Set();
    hosts.set(aspect, host === undefined ? showing : showing.add(host));
  }
  return ({ sign, novelty, standsAlone }) => {
    if (novelty) return { hosts: novelty.entities, of: novelty.of };
    const showing = standsAlone ? 1 : Math.max(1, hosts.get(sign.aspect ?? '')?.size ?? 1);
    // Hosts of which only an oddity was logged are hosts too.
    return { hosts: showing, of: Math.max(ofHosts, showing) };
  };
}

export function weigh(
  found: Case,
  rule: Rule,
  prevalenceOf: (evidence: Evidence) => Prevalence,
  textOf: (address: Address) => string,
): Weighed {
  /** Of accounts that are alike in everything else the names decide, and not which was read first. */
  const partiesOf = ({ host, peer }: Account): string =>
    [host, peer].map(address => (address === undefined ? '' : textOf(address))).join(' ');

  const weighed = found.accounts.map(account => {
    const { sign, novelty, doubt } = account.evidence;
    const level = sign.level ?? rule.level;
    const { hosts: showing, of } = prevalenceOf(account.evidence);
    const hosts = found.scope === 'network' ? Math.max(showing, found.hosts.length) : showing;
    const rarity = rarityOf(hosts, of);
    const confidence = (sign.confidence ?? 1) * (1 - (doubt?.share ?? 0));
    const factors = [
      `${level}: ${sign.summary}`,
      ...(novelty ? [`surprise ${novelty.surprise.toFixed(2)} (${novelty.because})`] : []),
      ...(confidence < 1 ? [`confidence ${confidence.toFixed(2)}${doubt ? ` (${doubtText(doubt)})` : ''}`] : []),
      ...(rarity < 1 ? [`rarity ${rarity.toFixed(2)} (${counted(hosts, 'host')} of ${of})`] : []),
    ];
    const weight = weightOf(level) * (novelty?.surprise ?? 1) * confidence * rarity;
    const reason = { because: factors.join(' × '), weight };
    return { account, level, prevalence: { hosts, of }, confidence, reason };
  });
  const [lead] = weighed.sort(
    (one, other) =>
      other.reason.weight - one.reason.weight ||
      severityOf(other.level) - severityOf(one.level) ||
      one.account.evidence.first - other.account.evidence.first ||
      inTextOrder(one.reason.because, other.reason.because) ||
      inTextOrder(partiesOf(one.account), partiesOf(other.account)),
  );
  if (!lead) throw new RangeError('a case without evidence');
  return {
    ...found,
    rule,
    lead: lead.account,
    reason: lead.reason,
    confidence: lead.confidence,
    prevalence: lead.prevalence,
  };
}

/** `one side only in 44 % of what the sensor saw of it`. */
const doubtText = ({ lack, share }: NonNullable<Evidence['doubt']>): string =>
  lack === 'lost packets'
    ? `the sensor lost ${Math.round(share * 100)} % of all packets`
    : `${lack} in ${Math.round(share * 100)} % of what the sensor saw of the host`;

/** How much another rule's word on the same parties counts here: nearly all, so that the weightiest finding leads. */
const SAME_PORT = 0.9;
/** And on another port of the same peer. */
const ANOTHER_PORT = 0.5;

/**
 * What other rules saw between the same parties. Rules of one family see the same oddity in several ways, so that of
 * each family only the weightiest word counts, and on its own port a case's own family has spoken already. What is never told
 * by itself is about one process, and adds to what just that one did.
 */
export function corroborations(
  weighed: Weighed,
  others: readonly Weighed[],
  isBySame: (one: Weighed, other: Weighed) => boolean,
): readonly Reason[] {
  if (!weighed.rule.climbs) return [];
  const best = new Map<string, Reason>();
  for (const other of others) {
    const { id, family, title } = other.rule;
    const isSamePort = isSameService(weighed.lead, other.lead);
    if (other.rule.told === 'with-others' && !(isSamePort && isBySame(weighed, other))) continue;
    if (id === weighed.rule.id || (isSamePort && family === weighed.rule.family)) continue;
    if (!other.hosts.some(host => weighed.hosts.includes(host))) continue;
    const weight = other.reason.weight * (isSamePort ? SAME_PORT : ANOTHER_PORT);
    const because = `also: ${title}${isSamePort ? '' : ` (on ${serviceOf(other.lead)}, counts half)`}`;
    // What is never told by itself competes with nobody.
    const group = other.rule.told === 'with-others' ? id : family;
    const known = best.get(group);
    if (!known || byWeight({ because, weight }, known) < 0) best.set(group, { because, weight });
  }
  return [...best.values()].sort(byWeight);
}

/** The weightiest first; of equal ones the order of the alphabet, whichever was met first. */
const byWeight = (one: Reason, other: Reason): number =>
  other.weight - one.weight || inTextOrder(one.because, other.because);

/** Not every log has the transport; where one has none, the port decides. */
const isSameService = ({ evidence: one }: Account, { evidence: other }: Account): boolean =>
  one.port === other.port &&
  (one.transport === other.transport || one.transport === undefined || other.transport === undefined);

const serviceOf = ({ evidence: { port, transport } }: Account): string =>
  [port ?? 'no port', ...(transport === undefined ? [] : [transport])].join('/');

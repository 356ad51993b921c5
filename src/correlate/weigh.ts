import type { Evidence } from '../finding/evidence.ts';
import type { Rule } from '../rule/rule.ts';
import type { Address } from '../value/address.ts';
import { severityOf } from '../value/level.ts';
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
  /** How many hosts of the network show what the lead shows. */
  readonly prevalence: number;
}

/** How many hosts show each aspect of a rule, whatever case it went into. */
export function prevalenceOf(cases: readonly Case[]): (evidence: Evidence) => number {
  const hosts = new Map<string, Set<Address | undefined>>();
  for (const { evidence, host } of cases.flatMap(({ accounts }) => accounts)) {
    const aspect = evidence.sign.aspect ?? '';
    hosts.set(aspect, (hosts.get(aspect) ?? new Set()).add(host));
  }
  return ({ sign, novelty, standsAlone }) => {
    if (standsAlone) return 1;
    return novelty?.entities ?? hosts.get(sign.aspect ?? '')?.size ?? 1;
  };
}

export function weigh(found: Case, rule: Rule, prevalence: (evidence: Evidence) => number, ofHosts: number): Weighed {
  const weighed = found.accounts.map(account => {
    const { sign, novelty } = account.evidence;
    const level = sign.level ?? rule.level;
    const hosts = found.scope === 'network' ? found.hosts.length : prevalence(account.evidence);
    const rarity = rarityOf(hosts, ofHosts);
    const confidence = sign.confidence ?? 1;
    const factors = [
      `${level}: ${sign.summary}`,
      ...(novelty ? [`surprise ${novelty.surprise.toFixed(2)} (${novelty.because})`] : []),
      ...(confidence < 1 ? [`confidence ${confidence.toFixed(2)}`] : []),
      ...(rarity < 1 ? [`rarity ${rarity.toFixed(2)} (${counted(hosts, 'host')} of ${ofHosts})`] : []),
    ];
    const weight = weightOf(level) * (novelty?.surprise ?? 1) * confidence * rarity;
    const reason = { because: factors.join(' × '), weight };
    return { account, level, hosts, confidence, reason };
  });
  const [lead] = weighed.sort(
    (one, other) =>
      other.reason.weight - one.reason.weight ||
      severityOf(other.level) - severityOf(one.level) ||
      one.account.evidence.first - other.account.evidence.first ||
      (one.reason.because < other.reason.because ? -1 : 1),
  );
  if (!lead) throw new RangeError('a case without evidence');
  return {
    ...found,
    rule,
    lead: lead.account,
    reason: lead.reason,
    confidence: lead.confidence,
    prevalence: lead.hosts,
  };
}

/** How much another rule's word on the same parties counts here: nearly all, so that the weightiest finding leads. */
const SAME_PORT = 0.9;
/** And on another port of the same peer. */
const ANOTHER_PORT = 0.5;

/**
 * What other rules say about the same parties. Rules of one family see the same oddity in several ways, so that of each
 * family, the case's own included, only the weightiest word counts.
 */
export function corroborations(weighed: Weighed, others: readonly Weighed[]): readonly Reason[] {
  const port = portOf(weighed.lead);
  const best = new Map<string, Reason>();
  for (const other of others) {
    const { family, title } = other.rule;
    if (family === weighed.rule.family || !other.hosts.some(host => weighed.hosts.includes(host))) continue;
    const isSamePort = portOf(other.lead) === port;
    const weight = other.reason.weight * (isSamePort ? SAME_PORT : ANOTHER_PORT);
    const because = `also: ${title}${isSamePort ? '' : ` (on ${portOf(other.lead)}, counts half)`}`;
    if (weight > (best.get(family)?.weight ?? 0)) best.set(family, { because, weight });
  }
  return [...best.values()].sort((one, other) => other.weight - one.weight || (one.because < other.because ? -1 : 1));
}

const portOf = ({ evidence }: Account): string => `${evidence.port}/${evidence.transport}`;

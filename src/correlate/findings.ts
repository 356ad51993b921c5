import { v5 as uuid } from 'uuid';
import type { Asset } from '../baseline/assets.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { type Evidence, earliest, type Reference } from '../finding/evidence.ts';
import type { Finding } from '../finding/finding.ts';
import type { Incident } from '../finding/incident.ts';
import { type Rule, techniquesOf } from '../rule/rule.ts';
import type { Address } from '../value/address.ts';
import { type Level, severityOf } from '../value/level.ts';
import { isoTime, type Micros } from '../value/time.ts';
import { casesOf } from './case.ts';
import { isProcess, ownersOf, processesOf, userIn, wordOf } from './culprits.ts';
import { keyOf, messageOf, partiesOf, textsOf } from './describe.ts';
import { incidentsOf } from './incidents.ts';
import { levelOfScore, noisyOr, weightiestFirst } from './score.ts';
import { corroborations, prevalenceIn, type Weighed, weigh } from './weigh.ts';

/** What one rule has seen. */
export interface Testimony {
  readonly rule: Rule;
  readonly evidence: readonly Evidence[];
}

/** Where a segment's lines stand. */
export interface SegmentPlace {
  readonly source: string;
  /** How many lines of the source stand before it. */
  readonly linesBefore: number;
}

interface Circumstances {
  readonly baseline: Baseline;
  /** Where the segments lie, by the numbers that references carry. */
  readonly segments: ReadonlyMap<number, SegmentPlace>;
  /** When the findings are made; left out of a reproducible run. */
  readonly created: Micros | undefined;
}

/** Which incident a finding is part of. */
type IncidentOf = (id: string) => string | undefined;

/** A finding of which only that is known by which it is chosen; most have been told before, and are never written out. */
export interface Draft {
  readonly id: string;
  readonly rule: string;
  readonly level: Level;
  readonly score: number;
  readonly start: string;
  readonly end: string;
  readonly count: number;
  /** It stands for a list of things. */
  readonly isList: boolean;
  written(): Finding;
}

/** What a run has found, in single findings and as what belongs together. */
export interface Conclusion {
  readonly drafts: readonly Draft[];
  readonly incidents: readonly Incident[];
}

/** The findings of a run: the score decides their order, then the time, then the id. */
export function findingsOf(testimonies: readonly Testimony[], circumstances: Circumstances): Conclusion {
  const { baseline } = circumstances;
  const weighed = testimonies.flatMap(({ rule, evidence }) => {
    const cases = casesOf(evidence, baseline, host => isTold(rule, baseline.assetOf(host)));
    const prevalenceOf = prevalenceIn(cases, baseline.hosts);
    return cases.map(found => weigh(found, rule, prevalenceOf, baseline.symbols.addressText));
  });
  const byPeer = new Map<Address, Weighed[]>();
  for (const found of weighed) {
    for (const peer of found.scope === 'network' ? [] : found.peers) {
      const list = byPeer.get(peer) ?? [];
      list.push(found);
      byPeer.set(peer, list);
    }
  }
  const incidentByFinding = new Map<string, string>();
  const drafts = weighed
    .filter(({ rule }) => rule.told === 'alone')
    .map(found => {
      const others =
        found.scope === 'pair' || found.scope === 'server' ? found.peers.flatMap(peer => byPeer.get(peer) ?? []) : [];
      return { found, draft: draftOf(found, others, circumstances, id => incidentByFinding.get(id)) };
    });
  const incidents = incidentsOf(
    drafts.map(({ found, draft }) => ({ ...draft, ...spanOf(found), found })),
    baseline,
  );
  for (const { id, findings } of incidents) for (const finding of findings) incidentByFinding.set(finding, id);
  return { drafts: drafts.map(({ draft }) => draft).sort(weightiestFirst), incidents };
}

/** Whether the process that opened most of the flows of one case is the one that another is about. */
function isBySame(one: Weighed, { lead }: Weighed, baseline: Baseline): boolean {
  const { by } = lead.evidence;
  const [first] = ownersOf(one, baseline);
  return by !== undefined && first !== undefined && isProcess(first.process, by);
}

/** From its first sign to its last. */
function spanOf({ accounts }: Weighed): { readonly start: Micros; readonly end: Micros } {
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  for (const { evidence } of accounts) {
    start = Math.min(start, evidence.first);
    end = Math.max(end, evidence.last);
  }
  return { start, end };
}

/** Whether a rule tells of such a host. */
function isTold({ only_for, not_for }: Rule, asset: Asset | undefined): boolean {
  if (only_for.length === 0 && not_for.length === 0) return true;
  const words = [asset?.role, ...(asset?.tags ?? [])];
  return (
    (only_for.length === 0 || only_for.some(word => words.includes(word))) &&
    !not_for.some(word => words.includes(word))
  );
}

function draftOf(
  found: Weighed,
  others: readonly Weighed[],
  circumstances: Circumstances,
  incidentOf: IncidentOf,
): Draft {
  const { rule, accounts } = found;
  const all = accounts.map(({ evidence }) => evidence);
  const span = spanOf(found);
  const [start, end] = [isoTime(span.start), isoTime(span.end)];
  const { score, parts } = noisyOr([
    found.reason,
    ...corroborations(found, others, (one, other) => isBySame(one, other, circumstances.baseline)),
  ]);
  const key = keyOf(found, circumstances.baseline);
  const id = uuid(JSON.stringify([rule.id, ...Object.entries(key).flat()]), NAMESPACE);
  const draft = {
    id,
    rule: rule.id,
    level: levelOfScore(score),
    score,
    start,
    end,
    isList: found.lead.evidence.list !== undefined,
  };
  const count = all.reduce((sum, piece) => sum + piece.count, 0);
  return {
    ...draft,
    count,
    written: () => findingOf(found, { ...draft, count }, key, parts, { ...circumstances, incident: incidentOf(id) }),
  };
}

function findingOf(
  found: Weighed,
  { id, level, score, start, end, count }: Omit<Draft, 'written'>,
  key: Finding['oddtalk']['key'],
  parts: Finding['oddtalk']['score'],
  { baseline, segments, created, incident }: Circumstances & { readonly incident: string | undefined },
): Finding {
  const { rule, lead, scope, accounts } = found;
  const { evidence } = lead;
  const all = accounts.map(account => account.evidence);
  const references = earliest(all.flatMap(piece => piece.references));
  const culprits = ownersOf(found, baseline);
  const placeOf = ({ segment, line }: Pick<Reference, 'segment' | 'line'>) => ({
    source: segments.get(segment)?.source ?? '',
    line: (segments.get(segment)?.linesBefore ?? 0) + line,
  });
  const { attributed, ...process } = processesOf(culprits, culprit => {
    const word = wordOf(culprit, lead, baseline);
    return word && placeOf(word);
  });
  const lines = references.map(({ log, segment, line, time, uid }) => ({
    log,
    ...(uid !== undefined && { uid }),
    ts: isoTime(time),
    ...placeOf({ segment, line }),
  }));
  const message = messageOf(found, count, culprits, baseline);
  const techniques = techniquesOf(rule);
  const asset = scope === 'pair' || scope === 'host' ? baseline.assetOf(lead.host) : undefined;

  return {
    '@timestamp': start,
    datetime: start,
    timestamp_desc: 'First Seen',
    message,
    event: {
      id,
      kind: 'alert',
      category: categoryOf(evidence),
      type: ['info'],
      action: rule.id,
      severity: severityOf(level),
      risk_score: score,
      start,
      end,
      ...(created !== undefined && { created: isoTime(created) }),
      reason: `${message}; first in ${lines[0]?.source}:${lines[0]?.line}`,
      module: 'oddtalk',
      dataset: 'oddtalk.finding',
    },
    rule: { id: rule.id, name: rule.title, version: String(rule.version), category: rule.category },
    ...(techniques.length > 0 && { threat: { framework: 'MITRE ATT&CK', technique: { id: techniques } } }),
    ...partiesOf(found, culprits, baseline),
    ...process,
    ...(evidence.isPerson && lead.host !== undefined && { user: userIn(baseline.symbols.addressText(lead.host)) }),
    oddtalk: {
      schema: '1.0',
      kind: kindOf(rule),
      level,
      confidence: Math.round(found.confidence * 100) / 100,
      count,
      scope,
      key,
      analytics: rule.analytics,
      baseline: {
        ...(evidence.novelty && {
          known_since: isoTime(evidence.novelty.knownSince),
          first_seen: isoTime(evidence.first),
          chance: Number(evidence.novelty.chance.toPrecision(3)),
        }),
        prevalence: found.prevalence,
      },
      ...(found.hosts.length > 1 && { hosts: textsOf(found.hosts, baseline) }),
      ...(found.peers.length > 1 && { peers: textsOf(found.peers, baseline) }),
      ...(asset && { asset }),
      ...attributed,
      ...(incident !== undefined && { incident }),
      ...(evidence.list && { novelties: evidence.list }),
      score: parts,
      evidence: lines,
      // Of a flow that two sensors saw both lines are named.
      evidence_total: Math.max(count, lines.length),
    },
  };
}

/** What is about a process is about what it did on the network too, where somebody else is part of it. */
const categoryOf = ({ process, by }: Evidence): Finding['event']['category'] =>
  by !== undefined ? ['network', 'process'] : [process === undefined ? 'network' : 'process'];

const kindOf = ({ category }: Rule): Finding['oddtalk']['kind'] => {
  switch (category) {
    case 'protocol-anomaly':
      return 'protocol_anomaly';
    case 'first-seen':
      return 'first_seen';
    case 'process-anomaly':
      return 'process_anomaly';
  }
};

/** Of the findings' ids among all UUIDs: made once for this project. */
const NAMESPACE = 'c0a5f2de-6e0b-5b0e-9d5c-3a1b7f4e8d21';

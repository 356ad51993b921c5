import type { Baseline } from '../baseline/baseline.ts';
import type { Attribution, Owner, OwnerOfOne, Owners, Subject } from '../baseline/owners.ts';
import { type Ancestor, baseName, type Process } from '../baseline/process.ts';
import type { Row } from '../baseline/row.ts';
import type { Evidence } from '../finding/evidence.ts';
import type { CountedProcess, Finding, FoundProcess } from '../finding/finding.ts';
import { decodedIn } from '../value/command-line.ts';
import { readGuid } from '../value/guid.ts';
import { inTextOrder } from '../value/order.ts';
import { shortened } from '../value/text.ts';
import { HOUR, isoTime, MINUTE, SECOND } from '../value/time.ts';
import type { Account, Case } from './case.ts';

/** A process that had to do with a finding, and how much. */
export interface Culprit extends Attribution {
  readonly process: Process;
  /** Whether it opened the flows or accepted them. */
  readonly side: 'opened' | 'accepted';
  readonly flows: number;
}

/** So many are listed with a finding, and so much of a command line is shown. */
const MOST_LISTED = 20;
const LONGEST_SHOWN = 1000;

/** Who opened the flows that a case is about, by how many, and then who accepted them. */
export function ownersOf(found: Pick<Case, 'accounts'>, baseline: Baseline): readonly Culprit[] {
  const known = worked.get(found);
  if (known?.baseline === baseline) return known.culprits;
  const culprits = workedOut(found, baseline);
  worked.set(found, { baseline, culprits });
  return culprits;
}

/** It is asked for several times of each. */
const worked = new WeakMap<object, { readonly baseline: Baseline; readonly culprits: readonly Culprit[] }>();

function workedOut({ accounts }: Pick<Case, 'accounts'>, baseline: Baseline): readonly Culprit[] {
  const found = new Map<string, Culprit>();
  const met = new Set<string>();
  for (const { evidence } of accounts) {
    for (const culprit of culpritsOf(evidence, baseline)) {
      // Evidence of several kinds is about the same flows.
      const { at, ...one } = culprit;
      if (met.has(at)) continue;
      met.add(at);
      const key = identityOf(one);
      const known = found.get(key);
      found.set(key, known ? joined(known, one) : one);
    }
  }
  return [...found.values()]
    .sort(
      (one, other) =>
        sideOf(one) - sideOf(other) || other.flows - one.flows || inTextOrder(identityOf(one), identityOf(other)),
    )
    .slice(0, MOST_LISTED);
}

const sideOf = ({ side, method }: Culprit): number => (side === 'accepted' ? 2 : method === 'dns-query' ? 0 : 1);

const identityOf = ({ process, side }: Culprit): string =>
  [side, process.machine.toLowerCase(), process.guid ?? `${process.pid} ${process.image}`].join('|');

/** Two records of one process: whatever either knows. */
const joined = (one: Culprit, other: Culprit): Culprit => ({
  ...(one.process.commandLine === undefined && other.process.commandLine !== undefined ? other : one),
  flows: one.flows + other.flows,
});

/** `at` tells what it was counted by. */
interface Placed extends Culprit {
  readonly at: string;
}

/** Whoever calls somebody opens flows, whether a sensor saw them or not. */
const directionOf = ({ side }: Pick<Owner, 'side'>): Culprit['side'] => (side === 'accepted' ? side : 'opened');

/** Of one piece of evidence. */
function* culpritsOf(evidence: Evidence, baseline: Baseline): Generator<Placed> {
  const { originator, responder, port, transport, process } = evidence;
  const { owners, symbols } = baseline;
  const placed = (owner: Owner): Placed => ({
    ...owner,
    side: directionOf(owner),
    at: `${owner.side} ${keyText(owner.row)}`,
  });
  if (responder === undefined) {
    for (const owner of askersOf(evidence, [], baseline)) yield placed(owner);
    if (process === undefined || originator === undefined) return;
    const machine = evidence.isPerson ? '' : symbols.addressText(originator);
    for (const { uid, time } of evidence.references) {
      const guid = readGuid(uid);
      // Events 3 and 22 know who it was, even where nobody has logged its start.
      const met = guid === undefined ? undefined : owners.processOf(guid);
      const known = met ?? baseline.processes.of({ machine, image: process, guid }, time);
      yield {
        ...{ process: known, flows: evidence.count, method: 'endpoint', confidence: 1, offset: 0 },
        side: evidence.isAnswering ? 'accepted' : 'opened',
        at: `${machine} ${process}`,
      };
    }
    return;
  }
  const { by } = evidence;
  const subject = { host: originator ?? responder, peer: responder, port, transport };
  if (by !== undefined) {
    const meant = openedBy(by, subject, owners).filter(owner => isMeant(owner, by) && wasThere(owner, evidence));
    // What is about the endpoint's own word needs no sensor to confirm it.
    const told = meant.length > 0 ? meant : owners.contacted(subject).filter(owner => isMeant(owner, by));
    for (const owner of told) yield placed(owner);
    return;
  }
  const exact = exactOwners(evidence, owners);
  for (const owner of askersOf(evidence, exact, baseline)) yield placed(owner);
  if (exact.length === 0) return;
  const isAll = evidence.count <= evidence.references.length;
  if (isAll) {
    yield* exact;
    return;
  }
  // Of more flows than are named all that went there then stand in: the first of them are known to be such.
  const opened = originator === undefined ? [] : owners.opened(subject);
  const accepted = owners.accepted({ ...subject, host: responder });
  for (const owner of [...opened, ...accepted]) if (wasThere(owner, evidence)) yield placed(owner);
}

/** Whose just those flows were in which it was seen; nobody's where one does not know. */
const exactOwners = ({ references }: Evidence, owners: Owners): readonly Placed[] =>
  [...new Set(references.flatMap(({ uid }) => uid ?? []))].flatMap(uid =>
    owners.ofFlow(uid).map(owner => ({
      ...owner,
      side: directionOf(owner),
      flows: 1,
      at: `${owner.side} ${uid}`,
    })),
  );

const keyText = ({ entity, peer, port, transport, name }: Row): string => [entity, peer, port, transport, name].join();

/** Of many processes that call one peer that one is looked up by itself. */
const openedBy = (by: Evidence['by'], subject: Subject, owners: Owners): readonly Owner[] =>
  by?.guid === undefined
    ? owners.opened(subject)
    : owners.ofProcess(by.guid).filter(({ side, row }) => {
        const { host, peer, port } = subject;
        return side === 'opened' && row.entity === host && row.peer === peer && row.port === port;
      });

/** Programs that ask for names for all others. */
const resolvers: ReadonlySet<string> = new Set([
  ...['svchost.exe', 'systemd-resolved', 'dnsmasq', 'mdnsresponder', 'unbound'],
]);

/** Of what is about a name in DNS who had the system's resolver ask for it; nobody where the process itself sent the question. */
function askersOf(evidence: Evidence, owners: readonly OwnerOfOne[], baseline: Baseline): readonly Owner[] {
  const { originator: host, references, sign, first, last } = evidence;
  const { aspect: domain } = sign;
  if (host === undefined || domain === undefined || references[0]?.log !== 'dns') return [];
  if (!owners.every(({ process: { image = '' } }) => resolvers.has(baseName(image).toLowerCase()))) return [];
  return baseline.owners.askers({ host, domain, from: first - ASKED_NEAR, to: last + ASKED_NEAR });
}

/** Where the endpoint's clock is further off than that, nobody is named. */
const ASKED_NEAR = HOUR;

/** What a flow carries comes after its beginning, and seldom longer than this. */
const FLOW_LASTS = HOUR;
const LEEWAY = MINUTE;

/** Whether flows of a process were open when something was seen: what others did there on other days is not it. */
const wasThere = ({ first, last }: Owner, evidence: Evidence): boolean =>
  first <= evidence.last + LEEWAY && last >= evidence.first - FLOW_LASTS;

const isMeant = ({ process }: Owner, by: Evidence['by']): boolean => by === undefined || isProcess(process, by);

export const isProcess = (process: Process, by: NonNullable<Evidence['by']>): boolean =>
  process.machine === by.machine && (by.guid === undefined ? process.pid === by.pid : process.guid === by.guid);

/** Where the endpoint first told of a call by a process, of those that a finding is about. */
export const wordOf = ({ process: { guid }, side }: Culprit, { evidence }: Account, { owners }: Baseline) =>
  side === 'accepted' || guid === undefined
    ? undefined
    : owners
        .ofProcess(guid)
        .find(({ side, row }) => side === 'contacted' && row.peer === evidence.responder && row.port === evidence.port)
        ?.row.reference;

/** What a finding says of them, in the words of ECS. */
export function processesOf(
  culprits: readonly Culprit[],
  eventOf: (culprit: Culprit) => CountedProcess['event'],
): Pick<Finding, 'process' | 'user'> & { readonly attributed: Pick<Finding['oddtalk'], 'attribution' | 'processes'> } {
  const [first] = culprits;
  if (!first) return { attributed: {} };
  const { process } = first;
  const { user, start, hashes, ancestors } = process;
  const [parent] = ancestors;
  const found: FoundProcess = {
    ...named(process),
    ...(start !== undefined && { start: isoTime(start) }),
    ...(hashes !== undefined && hashesIn(hashes)),
    ...(parent && { parent: named(parent) }),
  };
  return {
    process: found,
    ...(user !== undefined && { user: userIn(user) }),
    attributed: {
      attribution: attributionOf(first),
      processes: culprits.map(culprit => countedOf(culprit, eventOf(culprit))),
    },
  };
}

const attributionOf = ({ method, confidence, offset }: Culprit) => ({
  ...{ method, confidence },
  ...((method === '5-tuple' || method === 'dns-answer') && {
    clock_offset_s: Math.round(offset / (SECOND / 100)) / 100,
  }),
});

function countedOf(culprit: Culprit, event: CountedProcess['event']): CountedProcess {
  const { process, side, flows } = culprit;
  const { machine, user, ancestors, commandLine } = process;
  const decoded = commandLine === undefined ? undefined : decodedIn(commandLine);
  return {
    ...(machine !== '' && { host: machine }),
    ...{ side, flows },
    ...(event && { event }),
    ...named(process),
    ...(user !== undefined && { user }),
    ...(decoded && { decoded: shortened(decoded.text, LONGEST_SHOWN) }),
    ...(ancestors.length > 0 && { ancestors: ancestors.map(named) }),
    ...attributionOf(culprit),
  };
}

const named = ({ image, pid, guid, commandLine }: Omit<Process, 'machine' | 'ancestors' | 'isByGuid'> | Ancestor) => ({
  ...(image !== undefined && { executable: image, name: baseName(image) }),
  ...(pid !== undefined && { pid }),
  ...(guid !== undefined && { entity_id: guid }),
  ...(commandLine !== undefined && { command_line: shortened(commandLine, LONGEST_SHOWN) }),
});

/** `SHA1=…,MD5=…,SHA256=…,IMPHASH=…`: those of the file itself. */
function hashesIn(hashes: string): Pick<FoundProcess, 'hash'> {
  const hash = Object.fromEntries(
    [...hashes.matchAll(/\b(MD5|SHA1|SHA256)=([0-9a-f]+)/gi)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      value.toLowerCase(),
    ]),
  );
  return Object.keys(hash).length === 0 ? {} : { hash };
}

export function userIn(user: string): NonNullable<Finding['user']> {
  const at = user.indexOf('\\');
  return at < 0 ? { name: user } : { name: user.slice(at + 1), ...(at > 0 && { domain: user.slice(0, at) }) };
}

import type { EventKind } from '../event/event.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { durationText } from '../value/duration.ts';
import { listAt, madeAt } from '../value/made-at.ts';
import { once } from '../value/once.ts';
import type { Micros } from '../value/time.ts';
import {
  type Acquaintances,
  acquaintancesOf,
  type Span,
  sinceHandedOver,
  spanOver,
  type Warmup,
} from './acquaintance.ts';
import { type Asset, type Assets, noAssets } from './assets.ts';
import { type Certificates, certificatesIn } from './certificates.ts';
import { createIdentities, type Identities, type Named } from './identities.ts';
import type { Locality } from './locality.ts';
import { type Newcomer, newcomersIn } from './newcomers.ts';
import { type Judged, type Novelty, noveltiesIn } from './novelty.ts';
import { type FlowOwners, type Owners, ownersIn } from './owners.ts';
import { type Processes, processesIn } from './processes.ts';
import type { Row } from './row.ts';
import type { BaselineStore } from './store/store.ts';
import { type Talk, talksIn } from './talks.ts';
import { isOwnDoing, kindsOf, type Trait, traits, type Witness, witnessOf, witnessOfTrait } from './traits.ts';
import { countedOnce, isTwice } from './twice.ts';

/** What everything that was read says about the hosts: detectors conclude from it. */
export interface Baseline {
  readonly identities: Identities;
  /** What a host is for, where somebody has said it. */
  assetOf(host: Address | undefined): Asset | undefined;
  readonly symbols: Symbols;
  /** When each witness looked; undefined where it did not. */
  span(witness: Witness): Span | undefined;
  /** When there were events of a kind. */
  spanOf(kind: EventKind): Span | undefined;
  /** How many local hosts there are. */
  readonly hosts: number;
  /** How many flows with local hosts that were answered were counted twice, and stand for one each. */
  readonly folded: number;
  /** What is in the certificates that servers showed, where a log of its own says so. */
  readonly certificates: Certificates;
  /** Which processes opened and accepted the flows of hosts that an endpoint sensor watches. */
  readonly owners: Owners;
  readonly processes: Processes;
  /** The rows of a trait that are about local hosts, or about machines that an endpoint sensor knows by name. */
  rows(trait: Trait): readonly Row[];
  novelties(trait: Trait): readonly Novelty[];
  /** Hosts that appeared once the network had been known for long enough. */
  newcomers(): readonly Newcomer[];
  /** All talks of local hosts, and what comes to their ports from outside. */
  talks(): readonly Talk[];
  /** Why nothing of this trait can be new yet, where that is so. */
  tooShort(trait: Trait): string | undefined;
  isLocal(address: Address): boolean;
  /** Whether there was no room for all that was known of an entity: what seems new to it may only be forgotten. */
  isForgetful(entity: Address): boolean;
  /** The same, where some rows are nobody's normal. */
  suspecting(isSuspect: (row: Row) => boolean): Baseline;
}

interface Ingredients {
  readonly store: BaselineStore;
  readonly symbols: Symbols;
  readonly locality: Locality;
  readonly spans: ReadonlyMap<EventKind, Span>;
  readonly warmup: Warmup;
  readonly assets?: Assets;
  /** Whose each flow was, where that is known. */
  readonly ownersOfFlow?: (fingerprint: number) => FlowOwners | undefined;
}

/**
 * Of a machine that Sysmon watches, Windows' own audit sees programs that Sysmon was told to leave out, and by another
 * clock: what only it has seen there is not new.
 */
function bestWitnessed(rows: Row[], symbols: Symbols): Row[] {
  const isAudit = ({ reference }: Row): boolean => symbols.text(reference.log).startsWith('security-');
  const watched = new Set(rows.filter(row => !isAudit(row)).map(({ entity }) => entity));
  return rows.filter(row => !isAudit(row) || !watched.has(row.entity));
}

/** When each address was first seen in the hands that have it now, where it has had others. */
function handedOverIn(holders: readonly Row[]): ReadonlyMap<Address, Micros> {
  const firsts = new Map<Address, Micros[]>();
  for (const { entity, first } of holders) listAt(firsts, entity).push(first);
  const last = (times: readonly Micros[]): Micros => times.reduce((one, other) => Math.max(one, other));
  return new Map([...firsts].flatMap(([address, all]) => (all.length > 1 ? [[address, last(all)]] : [])));
}

/** Of each entity's rows the one that was seen last. */
function latestOf(rows: readonly Row[]): readonly Row[] {
  const latest = new Map<Address, Row>();
  for (const row of rows) if ((latest.get(row.entity)?.last ?? -1) < row.last) latest.set(row.entity, row);
  return [...latest.values()];
}

const namedBy = ({ entity, name, count, first }: Row, symbols: Symbols): Named => ({
  ...{ entity: symbols.hostOf(name), peer: entity, count, first },
});

/** A host by its address and its name, whichever of them it is known by. */
function namesOf(entity: Address, { hostAt, addressOf }: Identities, { addressText }: Symbols): readonly string[] {
  const others = [hostAt(entity), addressOf(entity)];
  return [entity, ...others].flatMap(each => (each === undefined ? [] : [addressText(each)]));
}

export function createBaseline(ingredients: Ingredients): Baseline {
  const { store, symbols, locality, spans, warmup, assets = noAssets, ownersOfFlow = () => undefined } = ingredients;
  const rows = new Map<Trait, Row[]>(traits.map(trait => [trait, []]));
  const marked = new Set(
    traits.filter(trait => kindsOf(trait).some(kind => kind === 'flow' || kind === 'process-connect')),
  );
  /** An endpoint sensor knows its own machine. */
  const isOurs = (witness: Witness, entity: Address): boolean => witness !== 'sensor' || locality.isLocal(entity);
  let folded = 0;
  for (const row of store.scan()) {
    const trait = traits[row.trait];
    if (trait === undefined) continue;
    if (!isOurs(witnessOfTrait(trait), row.entity)) continue;
    const wasTwice = marked.has(trait) && isTwice(row);
    rows.get(trait)?.push(wasTwice ? countedOnce(row) : row);
    if (wasTwice && (trait === 'talker' || trait === 'inbound')) folded += row.count / 2;
  }
  rows.set('process', bestWitnessed(rows.get('process') ?? [], symbols));
  const rowsOf = (trait: Trait): readonly Row[] => rows.get(trait) ?? [];
  /** People are met where their programs are. */
  const spanBy = (witness: Witness): Span | undefined => {
    const meeting = witness === 'account' ? 'process-connect' : witness;
    return spanOver([...spans].flatMap(([kind, span]) => (witnessOf(kind) === meeting ? [span] : [])));
  };
  const before = [...store.knownBefore()];
  const seenBy = (witness: Witness): readonly Row[] =>
    traits
      .filter(trait => witnessOfTrait(trait) === witness)
      .flatMap(rowsOf)
      .filter(isOwnDoing);
  const seen = seenBy('sensor');
  const acquaintances = (witness: Witness, own: readonly Row[]): Acquaintances => {
    const earlier = before.filter(known => known.witness === witness && isOurs(witness, known.entity));
    return acquaintancesOf(own, warmup, spanBy(witness), earlier);
  };
  const known = {
    sensor: acquaintances('sensor', seen),
    'process-connect': acquaintances('process-connect', seenBy('process-connect')),
  };
  const holding = new Map<Witness, Acquaintances>([
    ['sensor', sinceHandedOver(known.sensor, handedOverIn(rowsOf('holder')), warmup)],
    ['process-connect', known['process-connect']],
    ['process-dns', acquaintances('process-dns', seenBy('process-dns'))],
    ['account', acquaintances('account', seenBy('account'))],
  ]);
  const nobody = acquaintancesOf([], warmup, undefined);
  const knownBy = (trait: Trait): Acquaintances => holding.get(witnessOfTrait(trait)) ?? nobody;
  // An endpoint knows its own name better than a lease does.
  const watched = new Set(rowsOf('address').map(({ peer }) => peer));
  const leased = latestOf(rowsOf('named').filter(({ entity }) => !watched.has(entity)));
  const named = [...rowsOf('address'), ...leased.map(row => namedBy(row, symbols))];
  const identities = createIdentities(named, symbols.addressText);
  const assetOf = (entity: Address | undefined): Asset | undefined =>
    entity === undefined ? undefined : assets.of(namesOf(entity, identities, symbols));
  const roleOf = assets === noAssets ? undefined : (entity: Address) => assetOf(entity)?.role;
  const isForgetful = (entity: Address): boolean => store.forgotten.has(entity);
  // What was recognised there may be forgotten.
  const talks = once(() => talksIn(rowsOf, symbols).filter(talk => !isForgetful(talk.originator ?? talk.responder)));
  const certificates = once(() => certificatesIn(rowsOf, symbols));
  const processes = once(() => processesIn(rowsOf, symbols));
  const owners = once(() => ownersIn({ rowsOf, symbols, identities, processes: processes(), ownersOfFlow }));
  const baselineBut = (isSuspect: Judged['isSuspect']): Baseline => {
    const novelties = new Map<Trait, readonly Novelty[]>();
    return {
      symbols,
      identities,
      assetOf,
      hosts: known.sensor.entities.size || known['process-connect'].entities.size,
      folded,
      span: spanBy,
      spanOf: kind => spans.get(kind),
      rows: rowsOf,
      talks,
      get certificates() {
        return certificates();
      },
      get owners() {
        return owners();
      },
      get processes() {
        return processes();
      },
      novelties: trait =>
        madeAt(novelties, trait, () => noveltiesIn(rowsOf(trait), knownBy(trait), symbols, { roleOf, isSuspect })),
      newcomers: () => newcomersIn(seen, known.sensor, warmup.learnUntil),
      tooShort(trait) {
        const span = spanBy(witnessOfTrait(trait));
        const { entities, warmup: length } = knownBy(trait);
        const hosts = [...entities.values()];
        if (!span || hosts.some(({ until, countsFrom }) => until > countsFrom)) return undefined;
        if (warmup.learnUntil !== undefined) return 'no host that was known by --learn-until was seen after it';
        if (span.to - span.from > length)
          return `no host was seen for longer than the warm-up of ${durationText(length)}`;
        return `the logs span ${durationText(span.to - span.from)} and warm-up takes ${durationText(length)}`;
      },
      isLocal: locality.isLocal,
      isForgetful,
      suspecting: baselineBut,
    };
  };
  return baselineBut(undefined);
}

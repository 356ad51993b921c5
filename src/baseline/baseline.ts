import type { Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { durationText } from '../value/duration.ts';
import { DAY, HOUR, type Micros } from '../value/time.ts';
import { createIdentities, type Identities } from './identities.ts';
import type { Locality } from './locality.ts';
import { type Acquaintance, type Novelty, noveltiesIn } from './novelty.ts';
import type { Row } from './rows.ts';
import type { BaselineStore } from './store/store.ts';
import { type Talk, talksIn } from './talks.ts';
import { type Trait, traits, type Witness, witnessOfTrait } from './traits.ts';

/** From the first to the last event of a witness. */
export interface Span {
  readonly from: Micros;
  readonly to: Micros;
}

/** How long an entity must be known before what it shows can be new. */
export interface Warmup {
  readonly length: Micros | 'auto';
  /** A moment set by hand: what entities known before it show after it is new. */
  readonly learnUntil: Micros | undefined;
}

/** What everything that was read says about the hosts: detectors conclude from it. */
export interface Baseline {
  readonly identities: Identities;
  readonly symbols: Symbols;
  /** When each witness looked; undefined where it did not. */
  span(witness: Witness): Span | undefined;
  /** How many local hosts there are. */
  readonly hosts: number;
  /** The rows of a trait that are about local hosts, or about machines that an endpoint sensor knows by name. */
  rows(trait: Trait): readonly Row[];
  novelties(trait: Trait): readonly Novelty[];
  /** All talks of local hosts, and what comes to their ports from outside. */
  talks(): readonly Talk[];
  /** Why nothing of this trait can be new yet, where that is so. */
  tooShort(trait: Trait): string | undefined;
  isLocal(address: Address): boolean;
}

interface Ingredients {
  readonly store: BaselineStore;
  readonly symbols: Symbols;
  readonly locality: Locality;
  readonly spans: ReadonlyMap<Witness, Span>;
  readonly warmup: Warmup;
}

export function createBaseline({ store, symbols, locality, spans, warmup }: Ingredients): Baseline {
  const rows = new Map<Trait, Row[]>(traits.map(trait => [trait, []]));
  const knownSince = new Map<Witness, Map<Address, Micros>>();
  for (const row of store.scan()) {
    const trait = traits[row.trait];
    if (trait === undefined) continue;
    const witness = witnessOfTrait(trait);
    if (witness === 'sensor' && !locality.isLocal(row.entity)) continue;
    rows.get(trait)?.push(row);
    const since = knownSince.get(witness) ?? new Map<Address, Micros>();
    knownSince.set(witness, since.set(row.entity, Math.min(since.get(row.entity) ?? row.first, row.first)));
  }

  const acquaintances = (witness: Witness): ReadonlyMap<Address, Acquaintance> => {
    const { learnUntil } = warmup;
    const length = lengthOf(warmup, spans.get(witness));
    const countsFrom = (since: Micros) =>
      learnUntil !== undefined && since < learnUntil ? learnUntil : since + length;
    const known = [...(knownSince.get(witness) ?? [])];
    return new Map(known.map(([entity, since]) => [entity, { knownSince: since, countsFrom: countsFrom(since) }]));
  };

  const rowsOf = (trait: Trait): readonly Row[] => rows.get(trait) ?? [];
  const novelties = new Map<Trait, readonly Novelty[]>();
  let talks: readonly Talk[] | undefined;
  return {
    symbols,
    identities: createIdentities(rowsOf('address')),
    hosts: knownSince.get('sensor')?.size ?? knownSince.get('process-connect')?.size ?? 0,
    span: witness => spans.get(witness),
    rows: rowsOf,
    talks() {
      talks ??= talksIn(rowsOf, symbols);
      return talks;
    },
    novelties(trait) {
      const known = novelties.get(trait);
      if (known) return known;
      const found = noveltiesIn(rowsOf(trait), acquaintances(witnessOfTrait(trait)), symbols);
      novelties.set(trait, found);
      return found;
    },
    tooShort(trait) {
      const span = spans.get(witnessOfTrait(trait));
      if (!span || (warmup.learnUntil !== undefined && warmup.learnUntil < span.to)) return undefined;
      const length = lengthOf(warmup, span);
      if (span.from + length < span.to) return undefined;
      return `the logs span ${durationText(span.to - span.from)} and warm-up takes ${durationText(length)}`;
    },
    isLocal: locality.isLocal,
  };
}

/** A quarter of what was observed, at least an hour, at most a week. */
function lengthOf({ length }: Warmup, span: Span | undefined): Micros {
  if (length !== 'auto') return length;
  return Math.min(Math.max(span ? (span.to - span.from) / 4 : 0, HOUR), 7 * DAY);
}

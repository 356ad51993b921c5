import { joinedSpans, type Span } from '../baseline/acquaintance.ts';
import { createLocality, type Locality } from '../baseline/locality.ts';
import type { FlowOwners } from '../baseline/owners.ts';
import { createMemoryStore } from '../baseline/store/memory.ts';
import type { BaselineStore } from '../baseline/store/store.ts';
import type { AttributionReport } from '../correlate/attribution.ts';
import { Encounters } from '../correlate/encounters.ts';
import type { SegmentPlace } from '../correlate/findings.ts';
import { createLedger, type Ledger } from '../correlate/ledger.ts';
import type { EventKind } from '../event/event.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Address, Networks } from '../value/address.ts';
import { joinInto } from '../value/joined.ts';
import { joinEncounters } from './joining.ts';
import type { Observed } from './observe-segment.ts';

/** What has been learnt, by this run or by others before it. */
interface Learnt {
  readonly store: BaselineStore;
  readonly ledger: Ledger;
  readonly locality: Locality;
  readonly spans: ReadonlyMap<EventKind, Span>;
  /** Where the segments lie, by the numbers that references carry. */
  readonly places: ReadonlyMap<number, SegmentPlace>;
  /** Files of which nothing was learnt, because others have come in their place while they were read. */
  readonly movedAway: readonly string[];
  /** Whose the flows were; undefined where no endpoint has spoken. */
  readonly attribution: AttributionReport | undefined;
  ownersOfFlow(fingerprint: number): FlowOwners | undefined;
}

/** What observations come together in. */
export interface Knowledge {
  /** The addresses of the machines that endpoints have spoken of so far. */
  watched(): readonly string[];
  /** `places`: where the segments of this run lie. */
  learn(observed: Observed, places: Learnt['places']): Promise<void>;
  recall(places: Learnt['places']): Learnt;
}

/** For one run: nothing is left of it. */
export function createKnowledge(symbols: Symbols, localNets: Networks | undefined, maxRows?: number): Knowledge {
  const store = createMemoryStore(maxRows);
  const locality = createLocality(symbols, localNets);
  const ledger = createLedger(locality);
  const spans = new Map<EventKind, Span>();
  const encounters = new Encounters({ most: MOST_ENCOUNTERS });
  return {
    watched: () => machinesIn(encounters, symbols),
    async learn(observed) {
      store.merge({ writer: 'hunt', sequence: observed.parts[0].place }, observed.rows);
      ledger.merge(observed.ledger);
      locality.merge(observed.locality);
      encounters.merge(observed.encounters);
      for (const [kind, span] of observed.spans) joinInto(spans, kind, span, joinedSpans);
    },
    recall(places) {
      const joined = joinEncounters(encounters, { store, symbols, places, dropped: encounters.dropped });
      if (joined) store.merge({ writer: 'joined', sequence: 0 }, joined.rows);
      return {
        store,
        ledger,
        locality,
        spans,
        places,
        movedAway: [],
        attribution: joined?.report,
        ownersOfFlow: flow => joined?.flows.get(flow),
      };
    },
  };
}

/** Of a whole run: 80 bytes each, and a kilobyte of those that an endpoint has a word about. */
const MOST_ENCOUNTERS = 4_000_000;

/** The addresses that endpoints have connections from or to. */
export function machinesIn(encounters: Encounters, symbols: Symbols): readonly string[] {
  const addresses = new Set<Address>();
  for (const { side, originator, responder } of encounters) {
    if (side === 'opened') addresses.add(originator);
    if (side === 'accepted') addresses.add(responder);
  }
  return [...addresses].map(symbols.addressText);
}

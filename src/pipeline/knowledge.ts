import { joinedSpans, type Span } from '../baseline/acquaintance.ts';
import { createLocality, type Locality } from '../baseline/locality.ts';
import { createMemoryStore } from '../baseline/store/memory.ts';
import type { BaselineStore } from '../baseline/store/store.ts';
import type { SegmentPlace } from '../correlate/findings.ts';
import { createLedger, type Ledger } from '../correlate/ledger.ts';
import type { EventKind } from '../event/event.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Networks } from '../value/address.ts';
import { joinInto } from '../value/joined.ts';
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
}

/** What observations come together in. */
export interface Knowledge {
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
  return {
    async learn(observed) {
      store.merge({ writer: 'hunt', sequence: observed.parts[0].place }, observed.rows);
      ledger.merge(observed.ledger);
      locality.merge(observed.locality);
      for (const [kind, span] of observed.spans) joinInto(spans, kind, span, joinedSpans);
    },
    recall: places => ({ store, ledger, locality, spans, places, movedAway: [] }),
  };
}

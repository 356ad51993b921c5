import { type FlowOwners, OPENED } from '../baseline/owners.ts';
import type { PackedRows } from '../baseline/packed-rows.ts';
import { processesIn } from '../baseline/processes.ts';
import type { Row } from '../baseline/row.ts';
import { createRows } from '../baseline/rows.ts';
import type { BaselineStore } from '../baseline/store/store.ts';
import { traits } from '../baseline/traits.ts';
import { type AttributionReport, attribute, type Owned } from '../correlate/attribution.ts';
import type { Encounters } from '../correlate/encounters.ts';
import type { SegmentPlace } from '../correlate/findings.ts';
import type { SymbolId, Symbols } from '../kernel/symbols.ts';
import { listAt, madeAt } from '../value/made-at.ts';

interface Circumstances {
  readonly store: BaselineStore;
  readonly symbols: Symbols;
  readonly places: ReadonlyMap<number, SegmentPlace>;
  /** How many encounters there was no room for. */
  readonly dropped: number;
  /** Whether it is to be learnt, and has not been by an earlier run. */
  isNews?(owned: Owned): boolean;
}

interface Outcome {
  /** What the baseline is to learn by it. */
  readonly rows: PackedRows;
  /** Whose each flow was, by the fingerprint of its identifier. */
  readonly flows: ReadonlyMap<number, FlowOwners>;
  readonly report: AttributionReport;
}

/** Joins what endpoints and sensors met, whichever was read first; undefined where no endpoint has spoken. */
export function joinEncounters(
  encounters: Encounters,
  { store, symbols, places, dropped, isNews = () => true }: Circumstances,
): Outcome | undefined {
  if (!encounters.hasWords) return undefined;
  const known = new Map<string, Row[]>();
  for (const row of store.scan()) {
    const trait = traits[row.trait];
    if (trait === 'started' || trait === 'ended') listAt(known, trait).push(row);
  }
  const rows = createRows();
  const flows = new Map<number, { opened?: SymbolId; accepted?: SymbolId }>();
  const report = attribute(encounters, {
    symbols,
    processes: processesIn(trait => known.get(trait) ?? [], symbols),
    sourceOf: segment => places.get(segment)?.source ?? '',
    dropped,
    learn(owned) {
      const side = owned.key.trait === OPENED ? 'opened' : 'accepted';
      for (const flow of owned.flows)
        madeAt(flows, flow, () => ({}) as { opened?: SymbolId; accepted?: SymbolId })[side] = owned.key.name;
      if (isNews(owned)) rows.note(owned.key, owned.time, 0, 0, owned.reference);
    },
  });
  return { rows: rows.packed, flows, report };
}

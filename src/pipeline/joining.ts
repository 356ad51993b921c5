import { OPENED } from '../baseline/owners.ts';
import type { PackedRows } from '../baseline/packed-rows.ts';
import { processesIn } from '../baseline/processes.ts';
import type { Row } from '../baseline/row.ts';
import { createRows } from '../baseline/rows.ts';
import type { BaselineStore } from '../baseline/store/store.ts';
import { traits } from '../baseline/traits.ts';
import { type AttributionReport, attribute, type Owned } from '../correlate/attribution.ts';
import type { Encounters } from '../correlate/encounters.ts';
import type { SegmentPlace } from '../correlate/findings.ts';
import type { FoundOwners } from '../correlate/kept-encounters.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { listAt } from '../value/made-at.ts';

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
  readonly flows: ReadonlyMap<number, FoundOwners>;
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
  const flows = new Map<number, FoundOwners>();
  const report = attribute(encounters, {
    symbols,
    processes: processesIn(trait => known.get(trait) ?? [], symbols),
    sourceOf: segment => places.get(segment)?.source ?? '',
    dropped,
    learn(owned) {
      if (!isNews(owned)) return;
      const { key, time, reference, isTentative } = owned;
      rows.note(key, time, 0, 0, reference);
      const side = key.trait === OPENED ? 'opened' : 'accepted';
      for (const flow of owned.flows) flows.set(flow, { ...flows.get(flow), [side]: key.name, isTentative });
    },
  });
  return { rows: rows.packed, flows, report };
}

import { joinedSpans, type Span } from '../baseline/acquaintance.ts';
import { createLocality } from '../baseline/locality.ts';
import type { Database } from '../baseline/store/database.ts';
import { createNames } from '../baseline/store/names.ts';
import { createSqliteStore } from '../baseline/store/sqlite.ts';
import { keptLedger } from '../correlate/kept-ledger.ts';
import { createLedger, type Entries } from '../correlate/ledger.ts';
import type { EventKind } from '../event/event.ts';
import { INTERRUPTED } from '../input/bytes.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Networks } from '../value/address.ts';
import { joinInto } from '../value/joined.ts';
import type { Knowledge } from './knowledge.ts';
import type { Sources } from './sources-read.ts';

/**
 * In a baseline's file, for later runs. What was learnt from a segment and how far its source was read by then are written
 * down in one transaction: so a run that dies has learnt each segment wholly or not at all, and the next one goes on there.
 */
export function keptKnowledge(
  database: Database,
  sources: Sources,
  symbols: Symbols,
  localNets: Networks | undefined,
): Knowledge {
  const names = createNames(database, symbols);
  const store = createSqliteStore(database, symbols, names);
  const locality = createLocality(symbols, localNets);
  const ledger = createLedger(locality);
  const spans = new Map<EventKind, Span>();
  locality.merge({ declared: new Map(readOurs()) });
  for (const [kind, first, last] of database.rows('SELECT kind, first, last FROM spans'))
    spans.set(String(kind) as EventKind, { from: Number(first), to: Number(last) });
  const kept = keptLedger(database, names, ledger);
  const writeSpan = database.doing('INSERT OR REPLACE INTO spans (kind, first, last) VALUES (?, ?, ?)');
  const writeOurs = database.doing('INSERT OR REPLACE INTO ours (host, is_ours) VALUES (?, ?)');

  function* readOurs(): Generator<readonly [number, boolean]> {
    for (const [host, isOurs] of database.rows('SELECT host, is_ours FROM ours'))
      yield [names.addressOf(Number(host)), isOurs === 1];
  }

  return {
    async learn(observed, places) {
      // Nobody knows how far it came: it will be read again.
      if (observed.parts.some(({ report }) => report.broken === INTERRUPTED)) return;
      const finish = await sources.about(observed.parts, places);
      database.together(() => {
        const placeOf = finish();
        const [{ place, report }] = observed.parts;
        observed.rows.refer(reference => ({ ...reference, ...moved(reference, placeOf) }));
        store.merge({ writer: `source ${placeOf(place).source}`, sequence: report.from }, observed.rows);
        kept.merge(movedEntries(observed.ledger, placeOf));
        locality.merge(observed.locality);
        for (const [host] of observed.locality.declared)
          writeOurs(names.numberOfAddress(host), locality.declared.get(host) ? 1 : 0);
        for (const [kind, span] of observed.spans) {
          joinInto(spans, kind, span, joinedSpans);
          const { from, to } = spans.get(kind) ?? span;
          writeSpan(kind, from, to);
        }
      });
    },
    recall: () => ({ store, ledger, locality, spans, places: sources.places() }),
  };
}

/** Where a segment of this run stands among the sources of all runs. */
type PlaceOf = (segment: number) => { readonly source: number; readonly linesBefore: number };

function moved({ segment, line }: { readonly segment: number; readonly line: number }, placeOf: PlaceOf) {
  const { source, linesBefore } = placeOf(segment);
  return { segment: source, line: linesBefore + line };
}

const movedEntries = (ledger: Entries, placeOf: PlaceOf): Entries => ({
  dropped: ledger.dropped,
  *entries() {
    for (const entry of ledger.entries())
      yield {
        ...entry,
        references: entry.references.map(reference => ({ ...reference, ...moved(reference, placeOf) })),
      };
  },
});

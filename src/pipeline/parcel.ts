import { PackedRows, type Packing } from '../baseline/packed-rows.ts';
import { type EncounterPacking, Encounters } from '../correlate/encounters.ts';
import type { Entry } from '../correlate/ledger.ts';
import type { SymbolId, Symbols } from '../kernel/symbols.ts';
import { type Address, IPV6_BASE, isIPv4 } from '../value/address.ts';
import type { Observed } from './observe-segment.ts';

/**
 * An observation on its way from the thread that made it: numbers in arrays that change hands without being copied, and
 * the texts that its symbols stand for.
 */
export interface Parcel extends Pick<Observed, 'parts' | 'spans' | 'records'> {
  readonly rows: Packing;
  readonly entries: readonly Entry[];
  readonly dropped: number;
  readonly encounters: EncounterPacking;
  readonly declared: ReadonlyMap<Address, boolean>;
  /** Those that the thread has met since its last parcel. */
  readonly texts: readonly string[];
}

/** Packs what one thread observes; it remembers which texts it has sent. */
export function createPacker(symbols: Symbols): (observed: Observed) => Parcel {
  let sent = 1;
  return ({ parts, spans, records, rows, ledger, locality, encounters }) => {
    const texts = Array.from({ length: symbols.size - sent }, (_, index) => symbols.text(sent + index));
    sent = symbols.size;
    return {
      ...{ parts, spans, records, texts },
      rows: rows.packing,
      entries: [...ledger.entries()],
      dropped: ledger.dropped,
      encounters: encounters.packing,
      declared: locality.declared,
    };
  };
}

/** Puts the symbols of the receiver in the place of the sender's, parcel after parcel of one thread. */
export function createUnpacker(symbols: Symbols): (parcel: Parcel) => Observed {
  const own: SymbolId[] = [0];
  const symbolOf = (sent: SymbolId): SymbolId => own[sent] ?? 0;
  const addressOf = (sent: Address): Address => (isIPv4(sent) ? sent : IPV6_BASE + symbolOf(sent - IPV6_BASE));

  const entryOf = (entry: Entry): Entry => ({
    ...entry,
    originator: entry.originator === undefined ? undefined : addressOf(entry.originator),
    responder: entry.responder === undefined ? undefined : addressOf(entry.responder),
  });

  return ({ parts, spans, records, texts, rows, entries, dropped, encounters, declared }) => {
    for (const text of texts) own.push(symbols.of(text));
    return {
      ...{ parts, spans, records },
      rows: new PackedRows(rows).rename({ symbolOf, addressOf }),
      ledger: { entries: () => entries.map(entryOf), dropped },
      encounters: new Encounters(encounters).rename({ symbolOf, addressOf }),
      locality: { declared: new Map([...declared].map(([address, isLocal]) => [addressOf(address), isLocal])) },
    };
  };
}

import { createLocality } from '../baseline/locality.ts';
import { PackedRows } from '../baseline/packed-rows.ts';
import { type Database, SPANNING } from '../baseline/store/database.ts';
import { createNames } from '../baseline/store/names.ts';
import { createSqliteStore } from '../baseline/store/sqlite.ts';
import { entriesIn, keptLedger } from '../correlate/kept-ledger.ts';
import { createLedger, relocated } from '../correlate/ledger.ts';
import { mergeTold } from '../correlate/told.ts';
import { mergeVerdicts } from '../correlate/verdicts.ts';
import { createSymbols } from '../kernel/symbols.ts';

/**
 * Puts baselines of several machines together to a new one: what hosts show, what rules saw, since when who is known, and
 * what has been told. How far each machine has read its own logs stays with it.
 */
export function mergeBaselines(into: Database, others: readonly Database[]): void {
  const symbols = createSymbols();
  const names = createNames(into, symbols);
  const store = createSqliteStore(into, symbols, names);
  const locality = createLocality(symbols, undefined);
  const kept = keptLedger(into, names, createLedger(locality));
  others.forEach((other, sequence) => {
    const theirNames = createNames(other, symbols);
    into.together(() => {
      const sources = new Map<number, number>();
      for (const [id, path] of other.rows('SELECT id, path FROM sources')) {
        into.doing('INSERT INTO sources (path) VALUES (?)')(path ?? '');
        sources.set(Number(id), into.number('SELECT last_insert_rowid()') ?? 0);
      }
      const moved = <Reference extends { readonly segment: number }>(reference: Reference): Reference => ({
        ...reference,
        segment: sources.get(reference.segment) ?? 0,
      });

      const rows = new PackedRows();
      const theirs = createSqliteStore(other, symbols, theirNames);
      for (const row of theirs.scan()) rows.push(row);
      rows.refer(moved);
      store.merge({ writer: 'merged', sequence }, rows);
      for (const { witness, entity, first, last } of theirs.knownBefore())
        into.doing(`INSERT INTO known (witness, host, first, last) VALUES (?, ?, ?, ?) ${SPANNING}`)(
          witness,
          names.numberOfAddress(entity),
          first,
          last,
        );

      const entries = [...entriesIn(other, theirNames)].map(([, entry]) => entry);
      const evidence = relocated({ entries: () => entries, dropped: 0 }, moved);
      kept.write(kept.merge(evidence));
      // Of two sensors the one that says "ours" counts, as in locality.ts.
      for (const [host, isOurs] of other.rows('SELECT host, is_ours FROM ours'))
        into.doing('INSERT INTO ours VALUES (?, ?) ON CONFLICT DO UPDATE SET is_ours = max(is_ours, excluded.is_ours)')(
          names.numberOfAddress(theirNames.addressOf(Number(host))),
          isOurs ?? 0,
        );
      for (const span of other.rows('SELECT kind, first, last FROM spans'))
        into.doing(`INSERT INTO spans (kind, first, last) VALUES (?, ?, ?) ${SPANNING}`)(...span);
      mergeTold(into, other);
      mergeVerdicts(into, other);
    });
  });
}

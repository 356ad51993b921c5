import type { Database } from '../baseline/store/database.ts';
import { createSqliteStore } from '../baseline/store/sqlite.ts';
import type { Told } from '../correlate/told.ts';
import { createSymbols } from '../kernel/symbols.ts';
import { dayOf, type Micros } from '../value/time.ts';

/**
 * Forgets what was not seen for as long as is kept, counted from the last day on which at least two hosts were seen: one
 * clock that runs ahead must not take everybody's memory. Once a day, because it looks at every row.
 */
export function forgetOld(database: Database, told: Told, keep: Micros): void {
  const latest = database.row('SELECT max(last) FROM spans');
  const before = database.row("SELECT value FROM state WHERE name = 'forgot on day'");
  const day = dayOf(Number(latest?.[0] ?? 0));
  if (day <= Number(before?.[0] ?? 0)) return;
  const row = database.row(NEWEST);
  const newest = Number(row?.[0] ?? 0);
  database.together(() => {
    forgetBefore(database, told, newest - keep);
    database.doing("INSERT OR REPLACE INTO state (name, value) VALUES ('forgot on day', ?)")(dayOf(newest));
  });
}

/** Forgets what was last seen before a time, and says how many values that were. */
export function forgetBefore(database: Database, told: Told, before: Micros): number {
  if (before <= 0) return 0;
  return database.together(() => {
    const count = createSqliteStore(database, createSymbols()).expire(before);
    database.doing('DELETE FROM evidence WHERE last < ?')(before);
    told.expire(before);
    // What nobody refers to any more, and will not come again either.
    database.doing('DELETE FROM segments WHERE id NOT IN (SELECT segment FROM sighting)')();
    return count;
  });
}

const NEWEST = `
  SELECT min(last) FROM (
    SELECT max(first + lasted) AS last FROM sighting GROUP BY host ORDER BY last DESC LIMIT 2
  )`;

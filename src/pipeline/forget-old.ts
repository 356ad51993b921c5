import { type Database, putState, stateOf } from '../baseline/store/database.ts';
import { createSqliteStore } from '../baseline/store/sqlite.ts';
import type { Told } from '../correlate/told.ts';
import { createSymbols } from '../kernel/symbols.ts';
import { dayOf, type Micros } from '../value/time.ts';

/**
 * Forgets what was not seen for as long as is kept, counted from the last time that most of what is known speaks for: a
 * clock that runs ahead must not take everybody's memory. Once a day, because it looks at every row; and so much as there
 * is no room for.
 */
export function forgetOld(database: Database, told: Told, { keep, mostRows, latest: clock }: Limits): void {
  const rows = database.number('SELECT count(*) FROM sighting') ?? 0;
  const strays = Math.max(MOST_STRAYS, Math.floor(rows / 100));
  if (rows > mostRows) forgetBefore(database, told, lastSeen(database, mostRows) ?? 0);
  const latest = database.number('SELECT max(last) FROM spans') ?? 0;
  const before = Number(stateOf(database, FORGOT_ON) ?? 0);
  if (dayOf(latest) <= before) return;
  const newest = Math.min(lastSeen(database, strays) ?? 0, clock);
  if (newest === 0 || dayOf(newest) <= before) return;
  database.together(() => {
    forgetBefore(database, told, newest - keep);
    putState(database, FORGOT_ON, dayOf(newest));
  });
}

const FORGOT_ON = 'forgot on day';

/** How much is kept, and how late an event can be at all. */
interface Limits {
  readonly keep: Micros;
  readonly mostRows: number;
  readonly latest: Micros;
}

/** One flow with a wrong time makes half a dozen rows. */
const MOST_STRAYS = 20;

/** When the newest row was last seen but for so many that are newer. */
const lastSeen = (database: Database, newer: number): Micros | undefined =>
  database.number('SELECT first + lasted AS last FROM sighting ORDER BY last DESC LIMIT 1 OFFSET ?', newer);

/** Forgets what was last seen before a time, and says how many values that were. */
export function forgetBefore(database: Database, told: Told, before: Micros): number {
  if (before <= 0) return 0;
  return database.together(() => {
    const count = createSqliteStore(database, createSymbols()).expire(before);
    database.doing('DELETE FROM evidence WHERE last < ?')(before);
    told.expire(before);
    // What nobody refers to any more, and will not come again either.
    database.doing('DELETE FROM segments WHERE id NOT IN (SELECT segment FROM sighting)')();
    database.doing(UNUSED_NAMES)();
    return count;
  });
}

/** Strangers make up names, of which each is new. */
const UNUSED_NAMES = `
  DELETE FROM names WHERE id NOT IN (
    SELECT transport FROM sighting UNION SELECT name FROM sighting UNION SELECT log FROM sighting
    UNION SELECT -1 - host FROM sighting UNION SELECT -1 - peer FROM sighting
    UNION SELECT -1 - host FROM known UNION SELECT -1 - host FROM ours
    UNION SELECT -1 - originator FROM evidence WHERE originator IS NOT NULL
    UNION SELECT -1 - responder FROM evidence WHERE responder IS NOT NULL
    UNION SELECT transport FROM encounter UNION SELECT who FROM encounter WHERE side <> 0 UNION SELECT log FROM encounter
    UNION SELECT opened FROM flow_owner WHERE opened IS NOT NULL
    UNION SELECT accepted FROM flow_owner WHERE accepted IS NOT NULL
    UNION SELECT -1 - originator FROM encounter UNION SELECT -1 - responder FROM encounter
  )`;

import type { Database } from '../baseline/store/database.ts';
import type { Finding } from '../finding/finding.ts';
import { isoTime, type Micros } from '../value/time.ts';

/** What somebody who looked at a finding says of it. */
export interface Verdict {
  readonly verdict: 'benign' | 'confirmed';
  readonly reason: string;
  readonly author: string | undefined;
  readonly at: Micros;
}

/** Keeps it with the baseline, as evidence that somebody looked. */
export function keepVerdict(database: Database, { event }: Finding, { verdict, reason, author, at }: Verdict): void {
  const write = `INSERT OR REPLACE INTO triage (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`;
  database.doing(write)(event.id, verdict, reason, author ?? null, isoTime(at));
}

/** Takes over those of another baseline; of two the later one. */
export function mergeVerdicts(into: Database, other: Database): void {
  const take = into.doing(`
    INSERT INTO triage (${COLUMNS}) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason, author = excluded.author, at = excluded.at
    WHERE excluded.at > at`);
  for (const verdict of other.rows(`SELECT ${COLUMNS} FROM triage`)) take(...verdict);
}

const COLUMNS = 'id, verdict, reason, author, at';

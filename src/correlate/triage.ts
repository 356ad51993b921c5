import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { stringify } from 'yaml';
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
  const write = 'INSERT OR REPLACE INTO triage (id, verdict, reason, author, at) VALUES (?, ?, ?, ?, ?)';
  database.doing(write)(event.id, verdict, reason, author ?? null, isoTime(at));
}

/** Adds a suppression of just this finding to a file, which keeps its comments; `until`: what comes later is told again. */
export function suppressFinding(file: string, finding: Finding, verdict: Verdict, until: Micros | undefined): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  appendFileSync(file, `${gap}${stringify([entryFor(finding, verdict, until)], { lineWidth: 0 })}`);
}

function entryFor({ rule, host, process, oddtalk }: Finding, { reason, author }: Verdict, until: Micros | undefined) {
  const { key, scope } = oddtalk;
  const ours = key.host ?? host?.ip?.[0] ?? host?.name;
  const peer = key.peer ?? (scope === 'pair' && key.direction === undefined ? key.aspect : undefined);
  return {
    rule: rule.id,
    ...(ours !== undefined && { host: ours }),
    ...(peer !== undefined && { peer }),
    ...(key.port !== undefined && { port: key.port }),
    ...(process !== undefined && { process: process.executable }),
    reason,
    ...(author !== undefined && { author }),
    ...(until !== undefined && { expires: isoTime(until).slice(0, 10) }),
  };
}

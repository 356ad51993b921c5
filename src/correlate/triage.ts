import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isSeq, parseDocument, stringify } from 'yaml';
import type { Database } from '../baseline/store/database.ts';
import type { Finding } from '../finding/finding.ts';
import { isoTime, type Micros } from '../value/time.ts';
import { readSuppressions } from './suppressions.ts';

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
  // A file that cannot be used must not become one that can be used even less.
  if (existsSync(file) && hasEntries(readFileSync(file, 'utf8'))) readSuppressions(file);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const entry = entryFor(finding, verdict, until);
  const document = parseDocument(text);
  if (isSeq(document.contents) && document.contents.items.length > 0) {
    document.add(document.createNode(entry));
    writeFileSync(file, document.toString({ lineWidth: 0 }));
    return;
  }
  const comments = text.split('\n').filter(line => line.startsWith('#'));
  writeFileSync(file, [...comments, stringify([entry], { lineWidth: 0 })].join('\n'));
}

const hasEntries = (text: string): boolean => text.split('\n').some(line => /^[^#\s]/.test(line.trim()));

function entryFor({ rule, host, process, oddtalk }: Finding, { reason, author }: Verdict, until: Micros | undefined) {
  const { key, scope } = oddtalk;
  const ours = key.host ?? host?.ip?.[0] ?? host?.name;
  // A domain is whom it asked for.
  const peer = key.peer ?? (scope === 'pair' && isDomain(key.aspect) ? key.aspect : undefined);
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

const isDomain = (aspect: string | number | undefined): boolean =>
  /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i.test(String(aspect));

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isSeq, parseDocument, stringify } from 'yaml';
import type { Finding } from '../finding/finding.ts';
import { dayText, isoTime, type Micros } from '../value/time.ts';
import { readSuppressions } from './suppressions.ts';
import type { Verdict } from './verdicts.ts';

/** Adds a suppression of just this finding to a file, which keeps its comments; `until`: what comes later is told again. */
export function suppressFinding(file: string, finding: Finding, verdict: Verdict, until: Micros | undefined): void {
  // A file that cannot be used must not become one that can be used even less.
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (hasEntries(text)) readSuppressions(file);
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
    ...(until !== undefined && { expires: dayText(isoTime(until)) }),
  };
}

const isDomain = (aspect: string | number | undefined): boolean =>
  /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i.test(String(aspect));

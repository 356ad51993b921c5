import type { Finding } from '../finding/finding.ts';
import { type Micros, readTime } from '../value/time.ts';
import type { Draft } from './findings.ts';

/** What somebody wants to hear nothing of, and why. */
export interface Suppression {
  /** `file:line` of the entry. */
  readonly place: string;
  readonly reason: string;
  readonly author: string | undefined;
  /** What was last seen at or after this is told all the same. */
  readonly until: Micros;
  covers(finding: Finding): boolean;
}

/** What is told, what is not, and how often each suppression was of use. */
export interface Sorted {
  readonly told: readonly Draft[];
  readonly suppressed: readonly Finding[];
  /** Those that cover nothing any more, and those whose time is over. */
  readonly idle: readonly { readonly place: string; readonly because: 'matches nothing' | 'expired' }[];
}

/** Findings are judged by their own time: what was seen after a suppression expired is told. */
export function suppress(drafts: readonly Draft[], suppressions: readonly Suppression[], now: Micros): Sorted {
  if (suppressions.length === 0) return { told: drafts, suppressed: [], idle: [] };
  const used = new Set<Suppression>();
  const told: Draft[] = [];
  const suppressed: Finding[] = [];
  for (const draft of drafts) {
    const finding = draft.written();
    const last = readTime(finding.event.end) ?? 0;
    const found = suppressions.find(({ until, covers }) => last < until && covers(finding));
    if (!found) {
      told.push(draft);
      continue;
    }
    used.add(found);
    const { place, reason, author } = found;
    const by = { place, reason, ...(author !== undefined && { author }) };
    suppressed.push({ ...finding, oddtalk: { ...finding.oddtalk, suppressed: by } });
  }
  const idle = suppressions.flatMap((suppression): Sorted['idle'] => {
    const { place, until } = suppression;
    if (until <= now) return [{ place, because: 'expired' }];
    return used.has(suppression) ? [] : [{ place, because: 'matches nothing' }];
  });
  return { told, suppressed, idle };
}

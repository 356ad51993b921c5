import type { Baseline } from '../baseline/baseline.ts';
import type { Coverage } from '../decode/reading.ts';
import { reportedRules } from '../decode/weirds.ts';
import { witnessesOf } from '../decode/witnesses.ts';
import { reported } from '../detect/reported.ts';
import type { EventKind } from '../event/event.ts';
import { listed } from '../value/text.ts';
import type { ActiveRule } from './active-rule.ts';

/** A rule that could not see, what it lacked, and what would open its eyes. */
export interface Blind {
  readonly rule: string;
  readonly missing: string;
  readonly fix: string;
}

/** The rules that are blind in this run: a rule sees if one kind of its events came with all fields that it needs. */
export function blindnessOf(
  rules: readonly ActiveRule[],
  coverage: readonly Coverage[],
  baseline: Baseline,
): readonly Blind[] {
  const heard = new Set(coverage.filter(({ kind }) => kind === 'weird').map(({ title }) => title.split(' ', 1)[0]));
  return rules.flatMap(({ rule, detector, options }) => {
    const blindness = lackOf(detector.needsFor?.(options) ?? detector.needs, coverage);
    const unready = detector.unready?.(options, baseline);
    const hears = heard.size > 0 && [...(reportedRules().get(rule.id) ?? [])].some(sensor => heard.has(sensor));
    if (blindness && hears && detector === reported) return [];
    if (blindness && hears)
      return [{ rule: rule.id, ...blindness, missing: `${blindness.missing}, and hears only the sensor's words` }];
    if (blindness) return [{ rule: rule.id, ...blindness }];
    if (unready === undefined) return [];
    const fix = 'give it older logs too, or set --warmup or --learn-until';
    return [{ rule: rule.id, missing: `history: ${unready}`, fix }];
  });
}

function lackOf(
  needs: ActiveRule['detector']['needs'],
  coverage: readonly Coverage[],
): Omit<Blind, 'rule'> | undefined {
  const kinds = Object.keys(needs) as EventKind[];
  const fieldsFor = (kind: EventKind): readonly string[] => needs[kind] ?? [];
  const relevant = coverage.filter(({ kind }) => kinds.includes(kind));
  if (relevant.some(({ kind, fields }) => fieldsFor(kind).every(field => fields.has(field)))) return undefined;

  const witnesses = kinds.flatMap(kind => witnessesOf(kind, fieldsFor(kind)));
  const another = `give it ${listed(witnesses, 'or')}`;
  if (relevant.length === 0) return { missing: `${listed(kinds, 'or')} events`, fix: another };
  const missing = new Set<string>();
  const fixes = new Set<string>();
  for (const { kind, title, missing: lacks } of relevant) {
    for (const lack of fieldsFor(kind).flatMap(field => lacks.get(field) ?? [])) {
      missing.add(lack.column === undefined ? `field in ${title} that tells it` : `${lack.column} in ${title}`);
      fixes.add(lack.enable ?? (lack.column === undefined ? another : `log ${lack.column} in ${title}`));
    }
  }
  return { missing: listed([...missing].sort()), fix: listed([...fixes].sort(), 'or') };
}

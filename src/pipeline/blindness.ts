import type { Baseline } from '../baseline/baseline.ts';
import type { Coverage } from '../decode/reading.ts';
import type { EventKind } from '../event/event.ts';
import { listed } from '../value/text.ts';
import type { ActiveRule } from './active-rule.ts';

/** A rule that could not see, what it lacked, and what would open its eyes. */
export interface Blind {
  readonly rule: string;
  readonly missing: string;
  readonly fix: string;
}

/** Where each kind of event comes from. */
const witnesses: Readonly<Record<EventKind, string>> = {
  flow: 'Zeek conn.log or Suricata EVE flow events',
  dns: 'Zeek dns.log or Suricata EVE dns events',
  http: 'Zeek http.log or Suricata EVE http events',
  tls: 'Zeek ssl.log or Suricata EVE tls events',
  weird: 'Zeek weird.log or Suricata EVE anomaly events',
  'process-start': 'Sysmon events 1',
  'process-connect': 'Sysmon events 3',
  'process-dns': 'Sysmon events 22',
};

/** The rules that are blind in this run: a rule sees if one kind of its events came with all fields that it needs. */
export function blindnessOf(
  rules: readonly ActiveRule[],
  coverage: readonly Coverage[],
  baseline: Baseline,
): readonly Blind[] {
  return rules.flatMap(({ rule, detector, options }) => {
    const blindness = lackOf(detector.needsFor?.(options) ?? detector.needs, coverage);
    const unready = detector.unready?.(options, baseline);
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
  const relevant = coverage.filter(({ kind }) => kinds.includes(kind));
  const fieldsFor = (kind: EventKind): readonly string[] => needs[kind] ?? [];
  if (relevant.some(({ kind, fields }) => fieldsFor(kind).every(field => fields.has(field)))) return undefined;
  if (relevant.length === 0) {
    return {
      missing: `${listed(kinds, 'or')} events`,
      fix: `give it ${listed(
        kinds.map(kind => witnesses[kind]),
        'or',
      )}`,
    };
  }
  const missing = new Set<string>();
  const fixes = new Set<string>();
  for (const { kind, log, fields, missing: settings } of relevant) {
    for (const field of fieldsFor(kind)) {
      if (fields.has(field)) continue;
      missing.add(`${log}: ${field}`);
      fixes.add(settings.get(field) ?? `${witnesses[kind]} with the columns that tell ${field}`);
    }
  }
  return { missing: listed([...missing].sort()), fix: listed([...fixes].sort(), 'or') };
}

import { FULL, partsOf, RESUMED } from '../baseline/traits.ts';
import { onlyHost } from '../finding/evidence.ts';
import { PairMap } from '../value/pair-map.ts';
import { duration, number } from '../value/reader.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** A host goes on with a TLS session that nobody has seen it begin (RFC 8446 section 2.2). */
export const tlsResumption = defineDetector({
  name: 'tls-resumption',
  needs: { tls: ['isResumed', 'serverName'] },
  fooledBy: ['one side only', 'gaps', 'lost packets'],
  options: {
    /** How long a host must have been known, and a session can live (RFC 8446 section 4.6.1: seven days at most). */
    grace: duration('7d'),
    /** A session that is gone on with only once may come from another network. */
    least: number(3, { least: 1, unit: 'sessions' }),
  },

  *conclude(baseline, { grace, least }) {
    const begun = new PairMap<number, string, number>();
    const rows = baseline.rows('handshake').map(row => ({ row, parts: partsOf(baseline.symbols.text(row.name)) }));
    for (const { row, parts } of rows) if (parts[1] === FULL) begun.set(row.entity, parts[0], row.first);
    const known = new Map<number, number>();
    for (const { row } of rows) known.set(row.entity, Math.min(known.get(row.entity) ?? row.first, row.first));
    for (const { row, parts } of rows) {
      const [domain, how] = parts;
      if (how !== RESUMED || row.count < least || row.first < (known.get(row.entity) ?? row.first) + grace) continue;
      if ((begun.get(row.entity, domain) ?? Number.POSITIVE_INFINITY) <= row.last) continue;
      const parties = onlyHost(row.entity);
      const sign = {
        summary: `goes on with a TLS session with ${domain} that it was never seen to begin`,
        aspect: domain,
      };
      yield fromRow(row, parties, sign, baseline);
    }
  },
});

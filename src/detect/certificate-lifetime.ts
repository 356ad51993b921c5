import { number } from '../value/reader.ts';
import { counted } from '../value/text.ts';
import { DAY } from '../value/time.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf } from './from-row.ts';

/** A certificate that is valid for longer than any public authority gives (CA/Browser Forum, Baseline Requirements 6.3.2). */
export const certificateLifetime = defineDetector({
  name: 'certificate-lifetime',
  needs: { tls: ['lifetime'], certificate: ['notAfter'] },
  options: {
    /** 398 for certificates of after 2020; those of companies and devices live longer. */
    most_days: number(3650, { least: 1, unit: 'days' }),
  },

  detect(event, { most_days }) {
    if (event.kind === 'certificate' || event.transport === 'udp') return undefined;
    return event.lifetime !== undefined && event.lifetime > most_days ? signOf(event.lifetime) : undefined;
  },

  *conclude(baseline, { most_days }) {
    for (const { row, facts } of baseline.certificates.shown) {
      const { notBefore, notAfter } = facts;
      if (notBefore === undefined || notAfter === undefined) continue;
      const days = Math.floor((notAfter - notBefore) / DAY);
      if (days > most_days) yield fromRow(row, partiesOf(row, baseline), signOf(days), baseline);
    }
  },
});

const signOf = (days: number) => ({
  summary: `a certificate that is valid for ${counted(days, 'day')}`,
  aspect: `${days} days`,
});

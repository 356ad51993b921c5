import { number } from '../value/reader.ts';
import { counted } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** A certificate that is valid for longer than any public authority gives (CA/Browser Forum, Baseline Requirements 6.3.2). */
export const certificateLifetime = defineDetector({
  name: 'certificate-lifetime',
  needs: { tls: ['lifetime'] },
  options: {
    /** Days: 398 for certificates of after 2020; those of companies and devices live longer. */
    most_days: number(3650, { least: 1, unit: 'days' }),
  },

  detect({ lifetime, transport }, { most_days }) {
    if (lifetime === undefined || lifetime <= most_days || transport === 'udp') return undefined;
    return { summary: `a certificate that is valid for ${counted(lifetime, 'day')}`, aspect: `${lifetime} days` };
  },
});

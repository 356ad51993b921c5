import { anyLack } from '../baseline/doubts.ts';
import { number } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** Messages of a TLS handshake that come out of turn. */
export const tlsHandshake = defineDetector({
  name: 'tls-handshake',
  needs: { tls: ['disorder'] },
  fooledBy: anyLack,
  options: { confidence: number(0.9, { most: 1 }) },

  detect({ disorder }, { confidence }) {
    return disorder === undefined ? undefined : { summary: disorder, aspect: disorder, confidence };
  },
});

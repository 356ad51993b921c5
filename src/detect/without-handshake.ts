import { anyLack } from '../baseline/doubts.ts';
import { duration, number } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** A TCP conversation with payload in both directions, of which neither SYN nor SYN-ACK was seen. */
export const withoutHandshake = defineDetector({
  name: 'without-handshake',
  needs: { flow: ['opening', 'originatorSpoke', 'responderSpoke'] },
  fooledBy: anyLack,
  options: {
    /** When a sensor starts it meets every open conversation in the middle. */
    grace: duration('10m'),
    /** A lost handshake looks the same. */
    confidence: number(0.8, { most: 1 }),
  },

  detect({ opening, originatorSpoke, responderSpoke }, { confidence }) {
    if (opening !== 'midstream' || !originatorSpoke || !responderSpoke) return undefined;
    return { summary: 'TCP payload in both directions without a handshake', confidence };
  },

  settle({ last }, { grace }, baseline) {
    const span = baseline.spanOf('flow');
    return span === undefined || last > span.from + grace;
  },
});

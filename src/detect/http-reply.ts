import { anyLack } from '../baseline/doubts.ts';
import type { Sign } from '../finding/evidence.ts';
import { number, numbers } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** Replies that nobody asked for, and of kinds that there are none of (RFC 9110 section 15). */
export const httpReply = defineDetector({
  name: 'http-reply',
  needs: { http: ['status', 'method'] },
  fooledBy: anyLack,
  options: {
    /** Codes beyond 599 that servers send all the same. */
    known_codes: numbers([999]),
    /** A lost request looks as a reply that nobody asked for. */
    unasked_confidence: number(0.5, { most: 1 }),
  },

  detect({ status, method }, { known_codes, unasked_confidence }): Sign | undefined {
    if (status === undefined) return undefined;
    if (status !== 0 && (status < 100 || status > 599) && !known_codes.has(status))
      return {
        summary: `an HTTP reply with the status ${status}, which there is none of`,
        aspect: `status ${status}`,
        isPlain: true,
      };
    return method === undefined
      ? { summary: 'an HTTP reply that nobody asked for', aspect: 'unasked', confidence: unasked_confidence }
      : undefined;
  },
});

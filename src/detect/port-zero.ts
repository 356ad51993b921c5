import { defineDetector } from './detector.ts';

/** TCP or UDP to port 0, which is no port (RFC 6335 section 6). */
export const portZero = defineDetector({
  name: 'port-zero',
  needs: { flow: ['isPortZero'] },
  options: {},

  detect({ isPortZero, transport, answered }) {
    if (!isPortZero || transport === undefined) return undefined;
    const how = answered ? ', and an answer' : '';
    return { summary: `${transport.toUpperCase()} to port 0, which is none${how}`, aspect: `${transport}${how}` };
  },
});

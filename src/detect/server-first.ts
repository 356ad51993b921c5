import { anyLack } from '../baseline/doubts.ts';
import { ports } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** On a port where the client always begins, the first payload came from the server. */
export const serverFirst = defineDetector({
  name: 'server-first',
  needs: { flow: ['firstSpeaker'] },
  fooledBy: anyLack,
  options: { client_first_ports: ports() },

  detect({ firstSpeaker, responderPort, transport }, { client_first_ports }) {
    if (firstSpeaker !== 'responder' || transport !== 'tcp') return undefined;
    if (responderPort === undefined || !client_first_ports.has(responderPort)) return undefined;
    return {
      summary: `the server sent the first payload on port ${responderPort}/tcp, where clients begin`,
      aspect: `${responderPort}/tcp`,
    };
  },
});

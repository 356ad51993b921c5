import { isMulticast } from '../value/address.ts';
import { number, ports, words } from '../value/reader.ts';
import { bytesText } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** Much payload one way, and not a single packet back. */
export const oneSided = defineDetector({
  name: 'one-sided',
  needs: { flow: ['originatorBytes', 'responderSpoke', 'answered'] },
  fooledBy: ['one side only', 'lost packets'],
  options: {
    transports: words(['udp', 'icmp']),
    /** Bytes of one flow, from which on it is told of. */
    least_bytes: number(100_000, { least: 1, unit: 'bytes' }),
    /** Ports of protocols that need no answer. */
    quiet_ports: ports(),
    confidence: number(0.7, { most: 1 }),
  },

  detect(flow, { transports, least_bytes, quiet_ports, confidence }) {
    const { transport, originatorSpoke, responderSpoke, responderPort, answered } = flow;
    if (!originatorSpoke || responderSpoke || answered || transport === undefined || !transports.has(transport))
      return undefined;
    if (responderPort !== undefined && quiet_ports.has(responderPort)) return undefined;
    if (flow.originatorBytes < least_bytes) return undefined;
    return {
      summary: `${bytesText(least_bytes)} or more of ${transport.toUpperCase()} payload in one flow, and nothing back`,
      aspect: transport,
      confidence,
    };
  },

  settle: ({ responder }, _, { symbols }) =>
    // Many listen to a group or a whole link, and nobody answers.
    responder === undefined || !isMulticast(symbols.addressText(responder)),
});

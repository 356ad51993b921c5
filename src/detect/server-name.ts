import { isAddress } from '../value/address.ts';
import { number, oneOf } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** TLS whose client does not name the server, or names it by an address (RFC 6066 section 3 forbids that). */
export const serverName = defineDetector({
  name: 'server-name',
  needs: { tls: ['serverName', 'version'] },
  options: {
    state: oneOf(['missing', 'address'], 'missing'),
    confidence: number(1, { most: 1 }),
  },

  detect({ version, serverName, clientHelloSeen, transport }, { state, confidence }) {
    // WebRTC speaks DTLS, and has no names.
    if (version === undefined || !clientHelloSeen || transport === 'udp') return undefined;
    if (state === 'missing') {
      return serverName
        ? undefined
        : { summary: `${articleOf(version)} ${version} handshake that names no server`, aspect: version, confidence };
    }
    if (!serverName || !isAddress(serverName)) return undefined;
    return {
      summary: `${articleOf(version)} ${version} handshake that names the server by the address ${serverName}`,
      confidence,
    };
  },
});

const articleOf = (version: string): string => (version.startsWith('SSL') ? 'an' : 'a');

import { words } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** Protocols that two agree on in TLS (ALPN, RFC 7301), of which nobody has heard. */
export const tlsProtocol = defineDetector({
  name: 'tls-protocol',
  needs: { tls: ['protocol'] },
  options: {
    /** Of IANA's list those that are met. */
    usual: words(),
  },

  detect({ protocol }, { usual }) {
    if (!protocol || usual.has(protocol)) return undefined;
    return { summary: `TLS that carries ${shortened(protocol, 40)} (ALPN)`, aspect: protocol };
  },
});

import type { Sign } from '../finding/evidence.ts';
import { levelByPattern, levelByWord, oneOf } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** Versions and ciphers of TLS that RFC 8996 and RFC 9325 have done away with. */
export const tlsStrength = defineDetector({
  name: 'tls-strength',
  needs: { tls: [] },
  options: {
    sees: oneOf(['version', 'cipher'], 'version'),
    /** Versions by how much they matter: SSL 2.0, SSL 3.0, TLS 1.0, TLS 1.1. */
    versions: levelByWord(),
    /** Patterns of IANA's names of ciphers, by how much they matter. */
    ciphers: levelByPattern(),
  },
  needsFor: ({ sees }) => ({ tls: [sees] }),

  detect({ version, cipher }, { sees, versions, ciphers }): Sign | undefined {
    if (sees === 'cipher') {
      const level = cipher === undefined ? undefined : ciphers(cipher);
      return level && { summary: `the cipher ${cipher}, which keeps nothing secret`, aspect: cipher ?? '', level };
    }
    const level = version === undefined ? undefined : versions.get(version);
    return level && { summary: `${version}, which nobody should speak any more`, aspect: version ?? '', level };
  },
});

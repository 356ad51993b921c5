import { isBelow, registeredDomain } from '../value/domain.ts';
import { words } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** The certificate is for another server than the client asked for (RFC 9525). */
export const tlsName = defineDetector({
  name: 'tls-name',
  needs: { tls: ['isNameHeld', 'serverName'] },
  options: {
    /** Registered domains of which that is known. */
    quiet_domains: words(),
  },

  detect({ isNameHeld, serverName }, { quiet_domains }) {
    if (isNameHeld !== false || !serverName) return undefined;
    const domain = registeredDomain(serverName) ?? serverName;
    if (isBelow(domain, quiet_domains)) return undefined;
    return { summary: `a certificate that does not hold the name ${shortened(serverName, 60)}`, aspect: domain };
  },
});

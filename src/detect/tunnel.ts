import { words } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** A tunnel that the sensor found, of a kind that nobody has declared. */
export const tunnel = defineDetector({
  name: 'tunnel',
  needs: { tunnel: ['encapsulation'] },
  options: {
    /** What this network tunnels with: gre, vxlan, geneve, teredo, ayiya, gtpv1, ip, socks, http. */
    declared: words(),
  },

  detect({ encapsulation }, { declared }) {
    if (encapsulation === undefined || declared.has(encapsulation)) return undefined;
    return { summary: `a tunnel (${encapsulation.toUpperCase()})`, aspect: encapsulation };
  },
});

import { traits } from '../baseline/traits.ts';
import { portTitle, serviceTitle } from '../event/service.ts';
import { levelByWord, portsByName, words } from '../value/reader.ts';
import { listed } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** What is known from a protocol's own log alone. */
const SPOKEN = traits.indexOf('spoken');

/** A protocol that has its ports is spoken on another one, on which none of the protocols of the flow is at home. */
export const unusualPort = defineDetector({
  name: 'unusual-port',
  needs: { flow: ['services'], tls: ['version'], http: ['method'], dns: ['query'] },
  options: {
    /** The ports on which each protocol is at home. */
    ports: portsByName(),
    /** The protocols that the rule is about, by level; of the others only the ports count. */
    services: levelByWord(),
    /** `port/transport` that belong to one protocol alone: what is spoken there instead is another rule's matter. */
    reserved: words(),
  },

  *conclude(baseline, { ports, services, reserved }) {
    for (const { originator, responder, port, transport, recognised } of baseline.talks()) {
      const place = portTitle(port, transport);
      if (reserved.has(place)) continue;
      const isHttpAtHome = (spoken: readonly string[]): boolean =>
        spoken.includes('http') && ports.get('http')?.has(port) === true;
      for (const { services: spoken, row } of recognised) {
        const isAtHome = spoken.some(service => ports.get(service)?.has(port));
        const stranger = spoken.find(service => services.has(service));
        if (stranger === undefined || isAtHome) continue;
        // What a proxy passes on (CONNECT) is in the logs of both protocols, and only the flow's record joins them.
        const isPassedOn = row.trait === SPOKEN && recognised.some(other => isHttpAtHome(other.services));
        if (isPassedOn) continue;
        const residents = [...ports].filter(([, home]) => home.has(port)).map(([service]) => serviceTitle(service));
        const usual = residents.length === 0 ? '' : `, where ${listed(residents, 'or')} is usual`;
        const level = services.get(stranger);
        const sign = {
          ...(level && { level }),
          summary: `${serviceTitle(stranger)} on port ${place}${usual}`,
          aspect: `${stranger} on ${place}`,
        };
        yield fromRow(row, { originator, responder, port, transport }, sign, baseline);
      }
    }
  },
});

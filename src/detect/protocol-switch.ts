import { serviceTitle } from '../event/service.ts';
import { wordsByName } from '../value/reader.ts';
import { listed } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** Two protocols in one flow, of which neither carries the other. */
export const protocolSwitch = defineDetector({
  name: 'protocol-switch',
  needs: { flow: ['services'] },
  options: {
    /** What a protocol may carry, or change into: STARTTLS, CONNECT, upgrades (RFC 9110 section 7.8). */
    carries: wordsByName(),
  },

  *conclude(baseline, { carries }) {
    for (const { originator, responder, port, transport, recognised } of baseline.talks()) {
      for (const { services, row } of recognised) {
        const strangers = services.filter(
          service => !services.some(other => other !== service && areRelated(service, other, carries)),
        );
        if (services.length < 2 || strangers.length === 0) continue;
        const sign = {
          summary: `${listed(services.map(serviceTitle))} in one flow on port ${port}/${transport}`,
          aspect: services.join(','),
        };
        yield fromRow(row, { originator, responder, port, transport }, sign, baseline);
      }
    }
  },
});

const areRelated = (one: string, other: string, carries: ReadonlyMap<string, ReadonlySet<string>>): boolean =>
  carries.get(one)?.has(other) === true || carries.get(other)?.has(one) === true;

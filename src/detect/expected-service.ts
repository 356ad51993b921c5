import { anyLack } from '../baseline/doubts.ts';
import { traits } from '../baseline/traits.ts';
import { serviceTitle } from '../event/service.ts';
import { number, wordsByName } from '../value/reader.ts';
import { listed } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** What is known from a protocol's own log alone. */
const SPOKEN = traits.indexOf('spoken');

/** On a port that belongs to one protocol something else is spoken, or nothing that any parser knows. */
export const expectedService = defineDetector({
  name: 'expected-service',
  needs: { flow: ['services'], tls: ['version'], http: ['method'], dns: ['query'] },
  fooledBy: anyLack,
  options: {
    /** `port/transport` and what may be spoken there, the usual first. */
    expected: wordsByName(),
    /** How sure it is that a flow in which no parser recognised anything holds something else. */
    unrecognised_confidence: number(0.7, { most: 1 }),
  },

  *conclude(baseline, { expected, unrecognised_confidence }) {
    for (const { originator, responder, port, transport, recognised, unrecognised } of baseline.talks()) {
      const allowed = expected.get(`${port}/${transport}`);
      if (!allowed) continue;
      const parties = { originator, responder, port, transport };
      const [resident = ''] = allowed;
      const wanted = serviceTitle(resident);
      for (const { services, row } of recognised) {
        if (services.some(service => allowed.has(service))) continue;
        // Where the sensor can decrypt, what is in the port's own protocol is in the logs of both.
        const isInside =
          row.trait === SPOKEN && recognised.some(other => other.services.some(each => allowed.has(each)));
        if (isInside) continue;
        const sign = {
          summary: `${listed(services.map(serviceTitle))} on port ${port}/${transport}, where ${wanted} is expected`,
          aspect: `${services.join(',')} on ${port}/${transport}`,
          isPlain: true as const,
        };
        yield fromRow(row, parties, sign, baseline);
      }
      if (unrecognised && recognised.length === 0) {
        const sign = {
          summary: `payload in both directions on port ${port}/${transport}, but no ${wanted}, nor anything else that a parser knows`,
          aspect: `unrecognised on ${port}/${transport}`,
          confidence: unrecognised_confidence,
        };
        yield fromRow(unrecognised, parties, sign, baseline);
      }
    }
  },
});

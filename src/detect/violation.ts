import { anyLack } from '../baseline/doubts.ts';
import type { Flow } from '../event/flow.ts';
import { serviceTitle } from '../event/service.ts';
import { number, words } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** The sensor had recognised a protocol, and then met what that protocol does not allow. */
export const violation = defineDetector({
  name: 'violation',
  needs: { violation: ['service'], flow: ['failedServices'] },
  fooledBy: anyLack,
  options: {
    /** Protocols whose parsers give up on what is sound. */
    quiet_services: words(),
    confidence: number(0.8, { most: 1 }),
  },

  detect(event, { quiet_services, confidence }) {
    const service = event.kind === 'flow' ? failedIn(event) : event.service;
    if (service === undefined || quiet_services.has(service)) return undefined;
    const why =
      event.kind === 'violation' && event.reason
        ? ` (${shortened(event.reason.replace(/^(?:Binpac exception: )?(?:binpac exception: )+/i, ''), 60)})`
        : '';
    return {
      summary: `${serviceTitle(service)} that its parser cannot read any further${why}`,
      aspect: service,
      confidence,
    };
  },
});

/** Of a flow in which only one side spoke there was nothing to recognise in the other direction. */
const failedIn = ({ failedServices, originatorSpoke, responderSpoke }: Flow): string | undefined =>
  originatorSpoke && responderSpoke ? failedServices?.[0] : undefined;

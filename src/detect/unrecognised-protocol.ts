import { anyLack } from '../baseline/doubts.ts';
import { number, ports, words } from '../value/reader.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** A conversation that no parser of the sensor understands, on a port where that is not to be expected. */
export const unrecognisedProtocol = defineDetector({
  name: 'unrecognised-protocol',
  needs: { flow: ['services'] },
  fooledBy: anyLack,
  options: {
    transports: words(['tcp']),
    /** Ports of protocols that sensors have no parser for, and of other rules. */
    quiet_ports: ports(),
    /** Where only local hosts talk to each other, ports from here on are handed out by RPC and its like. */
    dynamic_from: number(49152, { most: 65535 }),
    confidence: number(0.75, { most: 1 }),
  },

  *conclude(baseline, { transports, quiet_ports, dynamic_from, confidence }) {
    for (const { originator, responder, port, transport, recognised, unrecognised } of baseline.talks()) {
      if (!unrecognised || recognised.length > 0 || quiet_ports.has(port)) continue;
      if (transport === undefined || !transports.has(transport)) continue;
      if (port >= dynamic_from && baseline.isLocal(responder)) continue;
      const sign = {
        summary: `payload in both directions on port ${port}/${transport}, of no protocol that a parser knows`,
        aspect: `${port}/${transport}`,
        confidence,
      };
      yield fromRow(unrecognised, { originator, responder, port, transport }, sign, baseline);
    }
  },
});

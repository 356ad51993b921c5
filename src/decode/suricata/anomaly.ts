import { turnedIf } from '../ends.ts';
import { address, from, symbol, text } from '../field.ts';
import type { Log } from '../log.ts';
import { weirdNamed } from '../weirds.ts';
import { conversation, happening, isFromServer, transport } from './conversation.ts';

/**
 * Decode anomalies have no flow, and sometimes no ends. The source is who sent the packet: where that is plainly the
 * server the ends are turned, so that Zeek's and Suricata's word on one flow are about the same subject.
 */
export const anomaly: Log<'weird'> = {
  name: 'anomaly',
  title: 'Suricata EVE anomaly events',
  kind: 'weird',
  fields: {
    ...happening,
    // Newer protocols' events are lower case, older ones' upper case: the severity map compares without case.
    name: symbol('anomaly.event'),
    detail: text('anomaly.app_proto'),
    known: from({ name: symbol('anomaly.event'), protocol: symbol('anomaly.app_proto') }, ({ name, protocol }) =>
      weirdNamed(name, protocol),
    ),
    ...turnedIf(isFromServer, { ...conversation, originator: address('src_ip'), responder: address('dest_ip') }),
    transport,
  },
};

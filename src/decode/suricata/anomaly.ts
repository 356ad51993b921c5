import { address, few, symbol, text } from '../field.ts';
import type { Log } from '../log.ts';
import { conversation, either, happening, isFromServer, transport } from './conversation.ts';

const source = address('src_ip');
const destination = address('dest_ip');

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
    originator: either(isFromServer, destination, source),
    originatorPort: either(isFromServer, conversation.responderPort, conversation.originatorPort),
    responder: either(isFromServer, source, destination),
    responderPort: few(either(isFromServer, conversation.originatorPort, conversation.responderPort)),
    transport,
  },
};

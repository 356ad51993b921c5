import { address, from, number, symbol } from '../field.ts';
import type { Log } from '../log.ts';
import { happening, transport } from './conversation.ts';

/** Where ports begin that systems hand out to clients: privileged ones never are, and Linux starts at 32768. */
const CLIENT_PORTS = [1024, 32768] as const;

/**
 * An anomaly's source is who sent the packet. Where that is plainly the server, by its port, the ends are turned, so
 * that Zeek's and Suricata's word on one flow are about the same subject.
 */
const ends = from(
  {
    source: address('src_ip'),
    sourcePort: number('src_port'),
    destination: address('dest_ip'),
    destinationPort: number('dest_port'),
  },
  ({ source, sourcePort = 0, destination, destinationPort = 0 }) => {
    const straight = {
      originator: source,
      originatorPort: sourcePort,
      responder: destination,
      responderPort: destinationPort,
    };
    const isTurned = sourcePort > 0 && CLIENT_PORTS.some(limit => sourcePort < limit && destinationPort >= limit);
    return isTurned
      ? { originator: destination, originatorPort: destinationPort, responder: source, responderPort: sourcePort }
      : straight;
  },
);

const port = (number: number): number | undefined => (number === 0 ? undefined : number);

/** Decode anomalies have no flow, and sometimes no ports. */
export const anomaly: Log<'weird'> = {
  name: 'anomaly',
  kind: 'weird',
  fields: {
    ...happening,
    // Newer protocols' events are lower case, older ones' upper case: the severity map compares without case.
    name: symbol('anomaly.event'),
    detail: symbol('anomaly.app_proto'),
    originator: from({ ends }, ({ ends }) => ends.originator),
    originatorPort: from({ ends }, ({ ends }) => port(ends.originatorPort)),
    responder: from({ ends }, ({ ends }) => ends.responder),
    responderPort: from({ ends }, ({ ends }) => port(ends.responderPort)),
    transport,
  },
};

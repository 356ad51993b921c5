import { turnedIf } from '../ends.ts';
import { code, endpoint, type Field, few, from, number, symbol, text, time } from '../field.ts';
import { realPort, transportByNumber } from '../transport.ts';

export const happening = { time: time('timestamp'), uid: text('flow_id') };

export const transport = symbol('proto', {
  meaning(proto) {
    const name = proto?.toLowerCase() ?? '';
    if (name.includes('icmp')) return 'icmp';
    return name === '' ? undefined : (transportByNumber.get(name) ?? name);
  },
});

/** The originator is the source: true of flows, requests and handshakes. */
export const conversation = {
  ...happening,
  originator: endpoint('src_ip'),
  originatorPort: number('src_port'),
  responder: endpoint('dest_ip'),
  responderPort: realPort(code('dest_port')),
  transport,
};

/** The same for records whose source may be the responder, because it sent the packet that they are about. */
export const conversationTurnedIf = (isReply: Field<boolean>): typeof conversation => ({
  ...conversation,
  ...turnedIf(isReply, conversation),
});

/** Where ports begin that systems hand out to clients: privileged ones never are, and Linux starts at 32768. */
const CLIENT_PORTS = [1024, 32768] as const;

/** Whether the source is plainly the server, by its port. */
export const isFromServer = few(
  from(
    { source: conversation.originatorPort, destination: conversation.responderPort },
    ({ source = 0, destination = 0 }) =>
      source > 0 && CLIENT_PORTS.some(limit => source < limit && destination >= limit),
  ),
);

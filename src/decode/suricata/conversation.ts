import { code, endpoint, type Field, few, from, number, symbol, text, time } from '../field.ts';

export const happening = { time: time('timestamp'), uid: text('flow_id') };

/** The IANA protocol numbers that Suricata writes where its machine has no /etc/protocols. */
const byNumber: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmp'],
  ['132', 'sctp'],
]);

export const transport = symbol('proto', {
  meaning(proto) {
    const name = proto?.toLowerCase() ?? '';
    if (name.includes('icmp')) return 'icmp';
    return name === '' ? undefined : (byNumber.get(name) ?? name);
  },
});

/** The originator is the source: true of flows, requests and handshakes. */
export const conversation = {
  ...happening,
  originator: endpoint('src_ip'),
  originatorPort: number('src_port'),
  responder: endpoint('dest_ip'),
  responderPort: code('dest_port'),
  transport,
};

/** The same for records whose source may be the responder, because it sent the packet that they are about. */
export const conversationTurnedIf = (isReply: Field<boolean>): typeof conversation => ({
  ...conversation,
  originator: either(isReply, conversation.responder, conversation.originator),
  originatorPort: either(isReply, conversation.responderPort, conversation.originatorPort),
  responder: either(isReply, conversation.originator, conversation.responder),
  responderPort: few(either(isReply, conversation.originatorPort, conversation.responderPort)),
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

export const either = <Value>(
  condition: Field<boolean>,
  whenTrue: Field<Value>,
  whenFalse: Field<Value>,
): Field<Value> =>
  from({ condition, whenTrue, whenFalse }, parts => (parts.condition ? parts.whenTrue : parts.whenFalse), {
    tellers: ['whenTrue', 'whenFalse'],
  });

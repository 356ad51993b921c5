import type { Opening, Quality } from '../../event/flow.ts';
import { type Address, isIPv4 } from '../../value/address.ts';
import { either } from '../ends.ts';
import {
  boolean,
  code,
  constant,
  count,
  endpoint,
  few,
  from,
  moment,
  symbol,
  time,
  together,
  unlogged,
} from '../field.ts';
import type { Log } from '../log.ts';
import { magnitudeOf } from '../magnitude.ts';
import { goesToPortZero, qualityByOpening } from '../transport.ts';
import { conversation, conversationTurnedIf, isFromServer, transport } from './conversation.ts';
import { servicesOf } from './services.ts';

const tcpObject = { enable: 'outputs.eve-log.types: flow, whose records of TCP flows hold a tcp object' };

/** What one end sent; `flags` are all that it ever set (RFC 9293 section 3.1). */
interface Sent {
  readonly packets: number;
  readonly payload: number;
  readonly flags: number | undefined;
}

const FIN = 0x01;
const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;

const sentBy = (direction: 'toserver' | 'toclient', side: 'ts' | 'tc') =>
  from(
    {
      packets: count(`flow.pkts_${direction}`),
      bytes: count(`flow.bytes_${direction}`),
      flags: symbol(`tcp.tcp_flags_${side}`, { meaning: flagsOf }),
      transport,
      address: endpoint('src_ip'),
    },
    ({ packets, bytes, flags, transport, address }): Sent => {
      const headers = packets * headerBytes(transport, address);
      // Without a PSH what looks like payload may be TCP options, of which there are 40 bytes at most.
      const isPayload = flags === undefined || (flags & PSH) !== 0 || bytes > headers + packets * 40;
      return { packets, payload: isPayload ? Math.max(0, bytes - headers) : 0, flags };
    },
    { tellers: ['flags'] },
  );

/** Packets outside a session that Suricata tracks leave `00`, whatever flags they had. */
const flagsOf = (hexadecimal: string | undefined): number | undefined =>
  hexadecimal === undefined || hexadecimal === '00' ? undefined : Number.parseInt(hexadecimal, 16);

/** Suricata counts whole frames: Ethernet 14, IPv4 20 or IPv6 40, and at least 20 bytes of TCP or 8 of UDP. */
const headerBytes = (transport: string | undefined, address: Address): number =>
  14 + (isIPv4(address) ? 20 : 40) + (transport === 'tcp' ? 20 : 8);

const toServer = sentBy('toserver', 'ts');
const toClient = sentBy('toclient', 'tc');

/** A flow that Suricata met in the middle begins with whichever packet it saw first: that may be the server's. */
const isTurned = few(
  from({ toServer, toClient, isFromServer }, ({ toServer, toClient, isFromServer }) => {
    const flags = (toServer.flags ?? SYN) | (toClient.flags ?? SYN);
    return isFromServer && (flags & SYN) === 0;
  }),
);

const ends = {
  originator: either(isTurned, toClient, toServer),
  responder: either(isTurned, toServer, toClient),
  transport,
};

const openings: readonly (Opening | undefined)[] = [undefined, 'handshake', 'attempt', 'midstream', 'one-sided'];
const qualities: readonly (Quality | undefined)[] = [undefined, 'whole', 'gaps', 'bad checksums', 'one side only'];

const seenByFlags = { ...tcpObject, tellers: ['originator'] } as const;

/** Other transports have no flags to tell it by. */
const ofTcp = <Value>(tell: (originator: Sent, responder: Sent) => Value) =>
  from(
    ends,
    ({ originator, responder, transport }) => (transport === 'tcp' ? tell(originator, responder) : undefined),
    seenByFlags,
  );

/** `timestamp` is when the record was written; the flow's own times are in `flow`. */
export const flow: Log<'flow'> = {
  name: 'flow',
  title: 'Suricata EVE flow events',
  kind: 'flow',
  port: conversation.originatorPort.columns[0],
  fields: {
    ...conversationTurnedIf(isTurned),
    time: time('flow.start|timestamp'),
    duration: from({ start: moment('flow.start'), end: moment('flow.end') }, ({ start, end }) =>
      start === undefined || end === undefined ? undefined : end - start,
    ),
    services: from(
      {
        now: symbol('app_proto', { meaning: servicesOf }),
        // A lawful upgrade (STARTTLS, CONNECT) changes the protocol; the original one explains the port.
        before: symbol('app_proto_orig', { meaning: servicesOf }),
        // One direction may have been recognised where the flow as a whole was not.
        toServer: symbol('app_proto_ts', { meaning: servicesOf }),
        toClient: symbol('app_proto_tc', { meaning: servicesOf }),
      },
      ({ now, before, toServer, toClient }) =>
        before.length + toServer.length + toClient.length === 0 ? now : distinct(now, before, toServer, toClient),
      { tellers: ['now'] },
    ),
    originatorBytes: from(ends, ({ originator }) => originator.payload),
    responderBytes: from(ends, ({ responder }) => responder.payload),
    localOriginator: unlogged,
    localResponder: unlogged,
    firstSpeaker: unlogged,
    isEarly: unlogged,
    speaksAfterEnd: unlogged,
    hasStalled: unlogged,
    // A direction that failed was never recognised: that parsers stopped the anomaly events tell.
    failedServices: unlogged,
    originatorPackets: from(ends, ({ originator }) => originator.packets),
    responderPackets: from(ends, ({ responder }) => responder.packets),
    ipProtocol: unlogged,
    icmpType: code('icmp_type'),
    isPortZero: goesToPortZero(transport, code('dest_port')),
    // What follows from flags and counts, of which there are few combinations.
    ...together(
      {
        uploaded: from(ends, ({ originator }) => magnitudeOf(originator.payload)),
        originatorSpoke: from(ends, ({ originator }) => originator.payload > 0),
        responderSpoke: from(ends, ({ responder }) => responder.payload > 0),
        answered: from(ends, ({ responder, transport }) => isAnswer(responder, transport)),
        opening: ofTcp(openingOf),
        oddFlags: from(ends, ({ originator }) => oddFlagsOf(originator), seenByFlags),
        quality: from(
          { ...ends, clientGap: boolean('tcp.ts_gap'), serverGap: boolean('tcp.tc_gap') },
          ({ originator, responder, transport, clientGap, serverGap }): Quality | undefined => {
            if (transport !== 'tcp') return undefined;
            return clientGap || serverGap ? 'gaps' : qualityByOpening(openingOf(originator, responder));
          },
          seenByFlags,
        ),
      },
      ({ uploaded, originatorSpoke, responderSpoke, answered, opening, oddFlags, quality }) =>
        uploaded +
        64 *
          (Number(originatorSpoke) +
            2 * Number(responderSpoke) +
            4 * Number(answered) +
            8 * Number(oddFlags !== undefined)) +
        1024 * (openings.indexOf(opening) + 8 * qualities.indexOf(quality)),
    ),
    sensor: constant('Suricata'),
  },
};

const distinct = (...lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].sort();

/** Without flags a lone packet may be a refusal (RST), so that it takes a second one, or payload, to be an answer. */
function isAnswer({ packets, payload, flags }: Sent, transport: string | undefined): boolean {
  if (transport !== 'tcp') return packets > 0;
  return flags === undefined ? packets > 1 || payload > 0 : (flags & (SYN | PSH)) !== 0;
}

function openingOf(originator: Sent, responder: Sent): Opening | undefined {
  if (originator.flags === undefined || responder.flags === undefined) return undefined;
  const isAsked = (originator.flags & SYN) !== 0;
  const isTaken = (responder.flags & SYN) !== 0;
  const hasPayload = originator.payload > 0 || responder.payload > 0;
  if (originator.packets === 0 || responder.packets === 0) return hasPayload || isTaken ? 'one-sided' : 'attempt';
  if (isTaken) return 'handshake';
  if (isAsked) return hasPayload ? 'one-sided' : 'attempt';
  return hasPayload ? 'midstream' : undefined;
}

/** Flags of a whole flow hide most bad packets: only what never goes with an ACK can be told (FIN and Xmas scans). */
function oddFlagsOf({ flags = 0 }: Sent): string | undefined {
  return flags & FIN && !(flags & ACK) ? 'FIN without ACK' : undefined;
}

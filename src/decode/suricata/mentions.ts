import { turnedIf } from '../ends.ts';
import { address, constant, from, name, number, symbol } from '../field.ts';
import type { AnyLog } from '../log.ts';
import { conversation, happening, isFromServer, transport } from './conversation.ts';

/** Which way a packet went that an alert is about, where Suricata says so (since version 6). */
const direction = symbol('direction', {
  meaning: direction => (direction === undefined ? undefined : direction === 'to_client'),
});

const isFromResponder = from({ direction, isFromServer }, ({ direction, isFromServer }) => direction ?? isFromServer);

const mention = (log: string): AnyLog => ({
  name: log,
  title: `Suricata EVE ${log} events`,
  kind: 'mention',
  fields: {
    ...happening,
    ...turnedIf(isFromResponder, { ...conversation, originator: address('src_ip'), responder: address('dest_ip') }),
    transport,
  },
});

/** What Suricata says about packets, whichever way they went; a netflow is one half of a flow, which is read whole. */
export const mentionLogs: readonly AnyLog[] = [
  ...['alert', 'fileinfo', 'netflow', 'bittorrent_dht'].map(mention),
  {
    name: 'arp',
    title: 'Suricata EVE arp events',
    kind: 'arp',
    fields: {
      ...happening,
      operation: symbol('arp.opcode'),
      sender: address('arp.src_ip'),
      senderHardware: name('arp.src_mac'),
      target: address('arp.dest_ip'),
    },
  },
  {
    name: 'stats',
    title: 'Suricata EVE stats events',
    kind: 'capture',
    fields: {
      ...happening,
      lost: from(
        { packets: number('stats.capture.kernel_packets'), drops: number('stats.capture.kernel_drops') },
        ({ packets = 0, drops = 0 }) => (packets > 0 ? (100 * drops) / packets : undefined),
      ),
      sensor: constant('Suricata'),
    },
  },
];

import { turnedIf } from '../ends.ts';
import { address, from, symbol } from '../field.ts';
import type { AnyLog } from '../log.ts';
import { conversation, happening, isFromServer, transport } from './conversation.ts';

/** Which way a packet went that an alert is about, where Suricata says so (since version 6). */
const direction = symbol('direction', {
  meaning: direction => (direction === undefined ? undefined : direction === 'to_client'),
});

const isFromResponder = from({ direction, isFromServer }, ({ direction, isFromServer }) => direction ?? isFromServer);

const mention = (name: string): AnyLog => ({
  name,
  title: `Suricata EVE ${name} events`,
  kind: 'mention',
  fields: {
    ...happening,
    ...turnedIf(isFromResponder, { ...conversation, originator: address('src_ip'), responder: address('dest_ip') }),
    transport,
  },
});

/** What Suricata says about packets, whichever way they went; a netflow is one half of a flow, which is read whole. */
export const mentionLogs: readonly AnyLog[] = ['alert', 'fileinfo', 'netflow', 'arp', 'bittorrent_dht'].map(mention);

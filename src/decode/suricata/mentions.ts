import { address, code, number } from '../field.ts';
import type { AnyLog } from '../log.ts';
import { happening, transport } from './conversation.ts';

const mention = (name: string): AnyLog => ({
  name,
  title: `Suricata EVE ${name} events`,
  kind: 'mention',
  fields: {
    ...happening,
    originator: address('src_ip'),
    originatorPort: number('src_port'),
    responder: address('dest_ip'),
    responderPort: code('dest_port'),
    transport,
  },
});

/** What Suricata says about packets, whichever way they went; a netflow is one half of a flow, which is read whole. */
export const mentionLogs: readonly AnyLog[] = ['alert', 'fileinfo', 'netflow', 'dhcp', 'arp', 'bittorrent_dht'].map(
  mention,
);

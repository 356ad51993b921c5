import { address, firstOf, from, name, symbol } from '../field.ts';
import type { Log } from '../log.ts';
import { happening } from './conversation.ts';

/** A message that has no address to tell tells 0.0.0.0. */
const told = (path: string) => from({ address: address(path) }, ({ address }) => address || undefined);

/** One event for each message. */
export const dhcp: Log<'lease'> = {
  name: 'dhcp',
  title: 'Suricata EVE dhcp events',
  kind: 'lease',
  fields: {
    ...happening,
    address: from(
      { type: symbol('dhcp.dhcp_type'), address: firstOf(told('dhcp.assigned_ip'), told('dhcp.client_ip')) },
      // An offer that nobody took is no lease.
      ({ type, address }) => (type === undefined || type === 'ack' ? address : undefined),
    ),
    hardware: name('dhcp.client_mac'),
    machine: name('dhcp.hostname'),
  },
};

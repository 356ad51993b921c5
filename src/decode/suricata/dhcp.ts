import { address, firstOf, from, name, symbol } from '../field.ts';
import type { Log } from '../log.ts';
import { conversation, happening } from './conversation.ts';

/** A message that has no address to tell tells 0.0.0.0. */
const told = (path: string) => from({ address: address(path) }, ({ address }) => address || undefined);

/** The port that DHCP servers have (RFC 2131 section 4.1). */
const SERVER = 67;

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
    server: from(
      { type: symbol('dhcp.dhcp_type'), port: conversation.originatorPort, source: address('src_ip') },
      ({ type, port, source }) => (port === SERVER && type === 'ack' ? source : undefined),
    ),
    machine: name('dhcp.hostname'),
  },
};

import { address, firstOf, from, name, text } from '../field.ts';
import { happening, zeekLog } from './zeek-log.ts';

/** One line for each exchange (since 2.6), or for each lease (before). */
export const dhcp = zeekLog(
  'dhcp',
  'lease',
  { hallmark: 'assigned_addr|assigned_ip|client_addr' },
  {
    ...happening,
    address: from(
      {
        // An offer that nobody took is no lease; before 2.6 there were no others.
        messages: text('msg_types'),
        address: firstOf(address('assigned_addr|assigned_ip'), address('client_addr')),
      },
      ({ messages, address }) => (messages === undefined || messages.includes('ACK') ? address : undefined),
    ),
    hardware: name('mac'),
    server: address('server_addr'),
    machine: name('host_name'),
  },
);

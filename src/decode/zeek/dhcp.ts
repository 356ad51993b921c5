import { address, firstOf, name } from '../field.ts';
import { happening, zeekLog } from './zeek-log.ts';

/** One line for each exchange (since 2.6), or for each lease (before). */
export const dhcp = zeekLog(
  'dhcp',
  'lease',
  { hallmark: 'assigned_addr|assigned_ip|client_addr' },
  {
    ...happening,
    address: firstOf(address('assigned_addr|assigned_ip'), address('client_addr')),
    hardware: name('mac'),
    machine: name('host_name'),
  },
);

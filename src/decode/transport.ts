import type { Opening, Quality } from '../event/flow.ts';
import { type Field, from } from './field.ts';

/** The IANA protocol numbers, for sensors that write those: Suricata where its machine has no /etc/protocols, Windows always. */
export const transportByNumber: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmp'],
  ['132', 'sctp'],
]);

/** Port 0 is none: a transport that has no ports is logged with it, and so are weirds of a whole flow. */
export const realPort = (port: Field<number | undefined>) =>
  from({ port }, ({ port }) => (port === 0 ? undefined : port));

const withPorts: ReadonlySet<string | undefined> = new Set(['tcp', 'udp']);

/** Whether what has ports goes to none. */
export const goesToPortZero = (transport: Field<string | undefined>, port: Field<number | undefined>): Field<boolean> =>
  from({ transport, port }, ({ transport, port }) => port === 0 && withPorts.has(transport));

/** How well a conversation was seen of which no more than its opening tells. Attempts say nothing: nobody knows what would have come. */
export function qualityByOpening(opening: Opening | undefined): Quality | undefined {
  if (opening === 'one-sided') return 'one side only';
  return opening === 'handshake' ? 'whole' : undefined;
}

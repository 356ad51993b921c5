import { isAddress } from '../../value/address.ts';

/** Nobody makes use of more. */
const MOST = 8;

/** The addresses in Sysmon's `QueryResults`: `type:  5 name;::ffff:192.0.2.4;2001:db8::1;`. */
export const addressesIn = (answers: string): readonly string[] =>
  answers
    .split(';', 4 * MOST)
    .map(part => part.trim().replace(MAPPED, ''))
    .filter(isAddress)
    .slice(0, MOST);

/** IPv4 in an IPv6 socket (RFC 4291 section 2.5.5.2). */
const MAPPED = /^::ffff:(?=\d+\.)/i;

/**
 * Application protocols in one spelling, so that a rule means the same whichever sensor saw the traffic.
 * What a sensor calls otherwise is translated in its folder of `decode/`.
 */
const titles: ReadonlyMap<string, string> = new Map([
  ['dcerpc', 'DCE/RPC'],
  ['kerberos', 'Kerberos'],
  ['postgresql', 'PostgreSQL'],
  ['mysql', 'MySQL'],
  ['modbus', 'Modbus'],
  ['redis', 'Redis'],
  ['socks', 'SOCKS'],
  ['syslog', 'syslog'],
  ['telnet', 'Telnet'],
  ['wireguard', 'WireGuard'],
]);

/** How a protocol is written in a sentence: `tls` as TLS. */
export const serviceTitle = (service: string): string => titles.get(service) ?? service.toUpperCase();

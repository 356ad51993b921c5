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

/** `443/tcp`, or the port alone where no log has the transport. */
export const portTitle = (port: number, transport: string | undefined): string =>
  transport === undefined ? `${port}` : `${port}/${transport}`;

/** How a protocol is written in a sentence: `tls` as TLS. */
export const serviceTitle = (service: string): string => titles.get(service) ?? service.toUpperCase();

/** The IANA protocol numbers, for sensors that write those: Suricata where its machine has no /etc/protocols, Windows always. */
export const transportByNumber: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmp'],
  ['132', 'sctp'],
]);

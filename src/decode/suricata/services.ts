/** What Suricata's parsers call otherwise than `event/service.ts` does. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['krb5', 'kerberos'],
  ['pgsql', 'postgresql'],
  ['rfb', 'vnc'],
  ['doh2', 'doh'],
  ['http2', 'http'],
  ['ikev2', 'ike'],
]);

/** `failed`: tried, and no parser knew it. Absent: too little was seen to try. */
export function servicesOf(protocol: string | undefined): readonly string[] {
  if (protocol === undefined || protocol === 'failed' || protocol === 'unknown') return none;
  return [renamed.get(protocol) ?? protocol];
}

const none: readonly string[] = [];

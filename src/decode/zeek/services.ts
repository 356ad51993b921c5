/** What Zeek's analyzers call otherwise than `event/service.ts` does. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['ssl', 'tls'],
  ['krb', 'kerberos'],
  ['dce_rpc', 'dcerpc'],
  ['rfb', 'vnc'],
]);

/** Wrappers that say how a service authenticates, not which it is. */
const wrappers: ReadonlySet<string> = new Set(['gssapi', 'ntlm', 'spnego']);

/**
 * `service` holds every analyzer that was confirmed, in changing order (`gssapi,smb,krb`, `quic,ssl`). Since Zeek 7.2
 * `-http` can mark one that was removed again after a violation.
 */
export function servicesOf(service: string | undefined): readonly string[] {
  if (service === undefined || service === '') return none;
  const names = service
    .split(',')
    .filter(name => name !== '' && !name.startsWith('-'))
    .map(plainName);
  const services = names.filter(name => !wrappers.has(name));
  return [...new Set(services.length > 0 ? services : names)].sort();
}

/** Those that were removed again. */
export const removedServicesOf = (service: string | undefined): readonly string[] =>
  service?.includes('-')
    ? service
        .split(',')
        .filter(name => /^-./.test(name))
        .map(name => plainName(name.slice(1)))
    : none;

const none: readonly string[] = [];

function plainName(name: string): string {
  const bare = name
    .toLowerCase()
    .replace(/^spicy_/, '')
    .replace(/_(tcp|udp)$/, '');
  return renamed.get(bare) ?? bare;
}

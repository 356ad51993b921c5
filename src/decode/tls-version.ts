/** `TLSv12` (Zeek), `TLS 1.2` and `TLSv1` (Suricata), `SSLv3` in one spelling: `TLS 1.2`, `TLS 1.0`, `SSL 3.0`. Others as they are. */
export function tlsVersion(text: string | undefined): string | undefined {
  const [, protocol, major, minor = '0'] = /^(D?TLS|SSL) ?v?(\d)\.?(\d)?$/.exec(text ?? '') ?? [];
  return protocol === undefined ? text : `${protocol} ${major}.${minor}`;
}

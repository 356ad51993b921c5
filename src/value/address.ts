import ipaddr from 'ipaddr.js';

/**
 * An IP address as a number, so that a million of them fit in a column: IPv4 as its 32 bits, IPv6 as
 * `IPV6_BASE` plus the id of its interned canonical text (the interner is `kernel/symbols.ts`).
 * Ids depend on reading order: never sort by them, never store them.
 */
export type Address = number;

export const IPV6_BASE = 2 ** 32;

export const isIPv4 = (address: Address): boolean => address < IPV6_BASE;

/** Dotted quad of four decimal numbers 0 to 255 without leading zeros; anything else is undefined. */
export function readIPv4(text: string): Address | undefined {
  let address = 0;
  let octet = -1;
  let octets = 1;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      if (octet === 0) return undefined;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return undefined;
    } else if (digit === -2 && octet >= 0 && octets < 4) {
      address = address * 256 + octet;
      octet = -1;
      octets++;
    } else return undefined;
  }
  return octets === 4 && octet >= 0 ? address * 256 + octet : undefined;
}

export const ipv4Text = (address: Address): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/**
 * One spelling for one address (RFC 5952): Zeek writes `fe80::1`, Sysmon `fe80:0:0:0:0:0:0:1`, Suricata
 * `fe80:0000:0000:…`. An IPv4-mapped address (`::ffff:192.0.2.1`) is the IPv4 address. A zone (`%eth0`) is dropped.
 */
export function canonicalAddress(text: string): string | undefined {
  if (!text.includes(':')) return undefined;
  const bare = text.split('%', 1)[0] ?? '';
  if (!ipaddr.isValid(bare)) return undefined;
  return ipaddr.process(bare).toString();
}

/** As the sensors write it, each in its way. */
export function spellingsOf(address: string): readonly string[] {
  if (!address.includes(':')) return [address];
  const parsed = ipaddr.IPv6.parse(address);
  const whole = parsed.toNormalizedString();
  const padded = whole.split(':').map(part => part.padStart(4, '0'));
  return [...new Set([parsed.toString(), whole, padded.join(':')])];
}

/** Whether a text is an address of either version, as in a Host header or a server name. */
export const isAddress = (text: string): boolean =>
  readIPv4(text) !== undefined || canonicalAddress(text) !== undefined;

/** A set of networks. */
export interface Networks {
  /** How many bits its smallest network fixes. */
  readonly bits: number;
  hasIPv4(address: Address): boolean;
  hasIPv6(text: string): boolean;
}

export const isNetwork = (text: string): boolean => rangeOf(text) !== undefined;

/** `10.0.0.0/8`, `fd00::/8`, or single addresses; what is neither must have been refused before. */
export function createNetworks(texts: readonly string[]): Networks {
  const ranges = texts.map(rangeOf).filter(range => range !== undefined);
  const ipv4 = ranges.flatMap(([base, bits]) => {
    if (base.kind() !== 'ipv4') return [];
    const size = 2 ** (32 - bits);
    const first = Math.floor((readIPv4(base.toString()) ?? 0) / size) * size;
    return [{ first, last: first + size - 1 }];
  });
  const ipv6 = ranges.filter(([base]) => base.kind() === 'ipv6');
  return {
    bits: Math.max(0, ...ranges.map(([, bits]) => bits)),
    hasIPv4: address => ipv4.some(({ first, last }) => address >= first && address <= last),
    hasIPv6(text) {
      if (ipv6.length === 0 || !text.includes(':')) return false;
      const address = ipaddr.parse(text);
      return ipv6.some(range => address.match(range));
    },
  };
}

function rangeOf(text: string): ReturnType<typeof ipaddr.parseCIDR> | undefined {
  const [base = ''] = text.split('/', 1);
  if (!isAddress(base)) return undefined;
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (text !== base) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** As Zeek's `Site::private_address_space`: RFC 1918, 6598, 3927 and 4193, link-local and loopback of both versions. */
export const privateNetworks: Networks = createNetworks([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
]);

/** What never is on a wire, so that no network sensor could confirm it: a machine's own, and nowhere. */
export const loopback: Networks = createNetworks(['127.0.0.0/8', '::1/128', '0.0.0.0/32', '::/128']);

/** Whether it stands for many: a group, or all hosts of a link. */
export const isMulticast = (text: string): boolean => /^(22[4-9]|23\d|255)\.|\.255$|^ff[0-9a-f]{2}:/i.test(text);

/** Whether it stands for a group (RFC 5771, RFC 4291 section 2.7). */
export const isGroup = (text: string): boolean => /^(22[4-9]|23\d)\.|^ff[0-9a-f]{2}:/i.test(text);

/** The address that a Host header names (RFC 9110 section 7.2): without its port, and without the brackets of IPv6; undefined for a name. */
export function addressInHost(host: string): string | undefined {
  const plain = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return isAddress(plain) ? plain : undefined;
}

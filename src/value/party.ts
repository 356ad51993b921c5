import { createNetworks, isNetwork, readIPv4 } from './address.ts';
import { globOf } from './text.ts';

/** Who is meant by what somebody wrote down. */
export interface Party {
  isMeant(text: string): boolean;
  /** The closer it names, the higher: a whole name or address before a part of one, a small network before a large one. */
  readonly closeness: number;
}

/**
 * An address, a network, or a name with `*` for any part; `*.example.com` is `example.com` too, and `ws7` is
 * `WS7.example.com`, as whoever writes it means. Undefined for what would be an address, and is none.
 */
export function partyOf(pattern: string): Party | undefined {
  if (/^\d+(\.\d+)*(\/\d+)?$/.test(pattern) && !isNetwork(pattern)) return undefined;
  if (isNetwork(pattern)) {
    const networks = createNetworks([pattern]);
    return {
      closeness: networks.bits,
      isMeant(text) {
        const quad = readIPv4(text);
        return quad === undefined ? networks.hasIPv6(text) : networks.hasIPv4(quad);
      },
    };
  }
  const lower = pattern.toLowerCase();
  const isLike = globOf(lower);
  const isLabel = /^[^.*]+$/.test(lower);
  const apex = lower.startsWith('*.') ? lower.slice(2) : undefined;
  return {
    closeness: lower.includes('*') ? lower.length : WHOLE_NAME,
    isMeant(text) {
      const name = text.toLowerCase();
      return isLike(name) || name === apex || (isLabel && name.startsWith(`${lower}.`));
    },
  };
}

/** No network is as close. */
const WHOLE_NAME = 1000;

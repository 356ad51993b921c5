import { createNetworks, isNetwork, readIPv4 } from './address.ts';
import { globOf } from './text.ts';

/** Who is meant by what somebody wrote down. */
export interface Party {
  isMeant(text: string): boolean;
  /** The closer it names, the higher: a whole name or address before a part of one, a small network before a large one. */
  readonly closeness: number;
}

/** An address, a network, or a name with `*` for any part; `*.example.com` is `example.com` too, as whoever writes it means. */
export function partyOf(pattern: string): Party {
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
  const apex = lower.startsWith('*.') ? lower.slice(2) : undefined;
  return {
    closeness: lower.includes('*') ? lower.length : WHOLE_NAME,
    isMeant: text => isLike(text.toLowerCase()) || text.toLowerCase() === apex,
  };
}

/** No network is as close. */
const WHOLE_NAME = 1000;

import type { Address } from '../value/address.ts';
import type { Happening } from './conversation.ts';

/** Who has an address: by DHCP, as its server gave it or its client says. */
export interface Lease extends Happening {
  readonly kind: 'lease';
  /** Undefined in messages that give none. */
  readonly address: Address | undefined;
  /** The hardware address of whoever has it. */
  readonly hardware: string | undefined;
  /** Who gives it; undefined where the message does not say. */
  readonly server: Address | undefined;
  /** The name by which that machine calls itself. */
  readonly machine: string | undefined;
}

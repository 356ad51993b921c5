import type { Address } from '../value/address.ts';
import type { Happening } from './conversation.ts';

/** A message of ARP (RFC 826): who says that which address is his. */
export interface Arp extends Happening {
  readonly kind: 'arp';
  readonly operation: string | undefined;
  readonly sender: Address | undefined;
  readonly senderHardware: string | undefined;
  readonly target: Address | undefined;
}

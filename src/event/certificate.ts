import type { Address } from '../value/address.ts';
import type { Micros } from '../value/time.ts';
import type { Happening } from './conversation.ts';

/** A certificate that somebody showed: what is in it stands apart from who showed it to whom. */
export interface Certificate extends Happening {
  readonly kind: 'certificate';
  /** By which the handshakes name it: a hash of it, or of old sensors the file's identifier; numbered by `Symbols.host`. */
  readonly certificate: Address;
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly notBefore: Micros | undefined;
  readonly notAfter: Micros | undefined;
}

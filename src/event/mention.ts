import type { Address } from '../value/address.ts';
import type { Happening } from './conversation.ts';

/** A record that may name hosts, and of which nothing more is read yet: a notice, a file, a lease. */
export interface Mention extends Happening {
  readonly kind: 'mention';
  readonly originator: Address | undefined;
  readonly responder: Address | undefined;
  readonly originatorPort: number | undefined;
  readonly responderPort: number | undefined;
  readonly transport: string | undefined;
}

import type { Address } from '../value/address.ts';
import type { Happening } from './conversation.ts';

/** What may name hosts, and may not. */
export interface Mentioning extends Happening {
  readonly originator: Address | undefined;
  readonly responder: Address | undefined;
  readonly originatorPort: number | undefined;
  readonly responderPort: number | undefined;
  readonly transport: string | undefined;
}

/** A record of which nothing more is read yet: a notice, a file. */
export interface Mention extends Mentioning {
  readonly kind: 'mention';
}

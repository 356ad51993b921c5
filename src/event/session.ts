import type { Conversation } from './conversation.ts';

/** A use of a protocol that its own log tells of: a mail, a login, a query. Nothing more of it is read yet. */
export interface Session extends Conversation {
  readonly kind: 'session';
  /** The protocol, in the words of `event/service.ts`; undefined where it is carried by another one. */
  readonly service: string | undefined;
}

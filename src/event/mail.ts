import type { Conversation } from './conversation.ts';

/** A mail transaction (RFC 5321). */
export interface Mail extends Conversation {
  readonly kind: 'mail';
  readonly service: 'smtp';
  /** By what name the client greets: the argument of HELO or EHLO. */
  readonly helo: string | undefined;
  /** What MAIL FROM names. */
  readonly sender: string | undefined;
}

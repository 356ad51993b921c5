import type { Conversation } from './conversation.ts';

/** A request of SIP (RFC 3261), with its answer where the sensor joins the two (Zeek does, Suricata writes two events). */
export interface Call extends Conversation {
  readonly kind: 'call';
  readonly service: 'sip';
  readonly method: string | undefined;
  /** Whom or what the request is for. */
  readonly target: string | undefined;
  readonly status: number | undefined;
}

import type { Conversation } from './conversation.ts';

/** One HTTP request, with its reply where there was one. */
export interface Http extends Conversation {
  readonly kind: 'http';
  readonly method: string | undefined;
  readonly host: string | undefined;
  /** As it was sent; undefined where the sensor logs it decoded. */
  readonly target: string | undefined;
  /** `1.0`, `1.1`, `2`: without the `HTTP/`; of the request or of the reply. */
  readonly version: string | undefined;
  /** The same where it is surely the request's. */
  readonly requestVersion: string | undefined;
}

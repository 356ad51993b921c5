import type { Conversation } from './conversation.ts';

/** One HTTP request, with its reply where there was one. */
export interface Http extends Conversation {
  readonly kind: 'http';
  readonly method: string | undefined;
  readonly host: string | undefined;
  readonly uri: string | undefined;
  /** `1.0`, `1.1`, `2`: without the `HTTP/`. */
  readonly version: string | undefined;
}

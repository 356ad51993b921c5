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
  /** As the sensor logs it, decoded or not. */
  readonly path: string | undefined;
  readonly status: number | undefined;
  readonly userAgent: string | undefined;
  /** The port that the Host header or an absolute target names. */
  readonly hostPort: number | undefined;
  /** Whether the request had a body. */
  readonly hasBody: boolean | undefined;
  /** Of what kind the reply's content is: by its first bytes (Zeek), else by what the server says (Suricata). */
  readonly contentType: string | undefined;
  /** Whether it carried a name and a password that anybody can read (RFC 7617). */
  readonly hasCredentials: boolean | undefined;
}

import type { Micros } from '../value/time.ts';
import type { Conversation } from './conversation.ts';

/** One TLS handshake, as far as the sensor followed it. */
export interface Tls extends Conversation {
  readonly kind: 'tls';
  /** `TLS 1.2`, `DTLS 1.2`, `SSL 3.0`; undefined where no server hello was understood. */
  readonly version: string | undefined;
  readonly serverName: string | undefined;
  /** False where the sensor knows that it missed the client hello, so that a missing server name proves nothing. */
  readonly clientHelloSeen: boolean;
  /** Whether the server's certificate can be trusted, as far as the sensor judged it. */
  readonly certificate: CertificateState | undefined;
  /** Whether it was valid at the time of the handshake. */
  readonly validity: Validity | undefined;
  readonly subject: string | undefined;
  readonly notAfter: Micros | undefined;
}

export type CertificateState = 'ok' | 'self-signed' | 'untrusted';

export type Validity = 'ok' | 'expired' | 'not-yet-valid';

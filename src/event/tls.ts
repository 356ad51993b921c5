import type { Micros } from '../value/time.ts';
import type { Conversation } from './conversation.ts';

/** One TLS handshake, as far as the sensor followed it. */
export interface Tls extends Conversation {
  readonly kind: 'tls';
  /** As the sensor spells it (`TLSv12`, `TLS 1.2`); undefined where no server hello was understood. */
  readonly version: string | undefined;
  readonly serverName: string | undefined;
  /** False where the sensor knows that it missed the client hello, so that a missing server name proves nothing. */
  readonly clientHelloSeen: boolean;
  /** What is wrong with the server's certificate, as far as the sensor judged it; `ok` where nothing is. */
  readonly certificate: CertificateState | undefined;
  readonly subject: string | undefined;
  readonly notAfter: Micros | undefined;
}

export type CertificateState = 'ok' | 'self-signed' | 'expired' | 'not-yet-valid' | 'untrusted';

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
  readonly issuer: string | undefined;
  /** For how many days the certificate is valid in all. */
  readonly lifetime: number | undefined;
  readonly notAfter: Micros | undefined;
  /** Whether the certificate holds the name that the client asked for. */
  readonly isNameHeld: boolean | undefined;
  /** Which certificate the server showed, where another log has what is in it. */
  readonly shown: string | undefined;
  /** The cipher suite's name of IANA. */
  readonly cipher: string | undefined;
  /** The protocol that the two agreed on (ALPN, RFC 7301). */
  readonly protocol: string | undefined;
  /** The handshake goes on with a session of before, so that no certificate is shown. */
  readonly isResumed: boolean | undefined;
  /** How the client greets: JA4, or JA3 where there is none. */
  readonly fingerprint: string | undefined;
  /** What is wrong with the order of its messages (RFC 5246 section 7.3, RFC 8446 section 2), in words. */
  readonly disorder: string | undefined;
}

export type CertificateState = 'ok' | 'self-signed' | 'untrusted';

export type Validity = 'ok' | 'expired' | 'not-yet-valid';

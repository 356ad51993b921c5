import type { Arp } from './arp.ts';
import type { Call } from './call.ts';
import type { Capture } from './capture.ts';
import type { Certificate } from './certificate.ts';
import type { Dns } from './dns.ts';
import type { Flow } from './flow.ts';
import type { Http } from './http.ts';
import type { Lease } from './lease.ts';
import type { Mail } from './mail.ts';
import type { Mention } from './mention.ts';
import type { ProcessConnect, ProcessDns, ProcessEnd, ProcessStart } from './process.ts';
import type { Session } from './session.ts';
import type { Tls } from './tls.ts';
import type { Tunnel } from './tunnel.ts';
import type { Violation } from './violation.ts';
import type { Weird } from './weird.ts';

/** One thing that happened, whoever logged it: a view of one row, valid until the next row is read. */
export type LogEvent =
  | Flow
  | Dns
  | Http
  | Tls
  | Weird
  | Mail
  | Call
  | Session
  | Violation
  | Certificate
  | Tunnel
  | Arp
  | Capture
  | Lease
  | Mention
  | ProcessStart
  | ProcessEnd
  | ProcessConnect
  | ProcessDns;

export type EventKind = LogEvent['kind'];

export type EventOf<Kind extends EventKind> = Extract<LogEvent, { readonly kind: Kind }>;

/** In the order in which a summary lists them. */
export const eventKinds = [
  'flow',
  'dns',
  'http',
  'tls',
  'weird',
  'mail',
  'call',
  'session',
  'violation',
  'certificate',
  'tunnel',
  'arp',
  'capture',
  'lease',
  'mention',
  'process-start',
  'process-end',
  'process-connect',
  'process-dns',
] as const satisfies readonly EventKind[];

/** The names of what an event of a kind can tell, beside its kind. */
export type FieldOf<Kind extends EventKind> = Exclude<keyof EventOf<Kind>, 'kind'>;

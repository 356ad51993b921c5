import type { Address } from '../value/address.ts';
import type { Conversation, Happening } from './conversation.ts';

/** Who did something on an endpoint: what Sysmon's events have in common. */
interface ByProcess extends Happening {
  /** The machine by its name, as `Symbols.host` numbers it. */
  readonly host: Address;
  /** The executable's path; undefined where Sysmon wrote `<unknown process>`. */
  readonly image: string | undefined;
  readonly processId: number | undefined;
  /** In lower case and without braces; undefined where Sysmon wrote nothing but zeros. */
  readonly processGuid: string | undefined;
  /** `DOMAIN\\name`, as whom it runs. */
  readonly user: string | undefined;
  /** The same in the number space of addresses, as `Symbols.host` numbers it. */
  readonly account: Address | undefined;
}

/** Sysmon event 1, or Windows' own 4688. */
export interface ProcessStart extends ByProcess {
  readonly kind: 'process-start';
  readonly commandLine: string | undefined;
  readonly parentImage: string | undefined;
  readonly parentId: number | undefined;
  readonly parentGuid: string | undefined;
  readonly parentCommandLine: string | undefined;
  /** `SHA1=…,MD5=…`, as Sysmon writes them. */
  readonly hashes: string | undefined;
}

/** Sysmon event 5. */
export interface ProcessEnd extends ByProcess {
  readonly kind: 'process-end';
}

/**
 * Sysmon event 3. Its clock, which event 22 shares, can be days off on machines that slept, while event 1 in the same file
 * is right: never compare its time with another witness's.
 */
export interface ProcessConnect extends ByProcess, Conversation {
  readonly kind: 'process-connect';
  /** Whether the process opened the connection (else it accepted it). */
  readonly initiated: boolean | undefined;
}

/** Sysmon event 22. */
export interface ProcessDns extends ByProcess {
  readonly kind: 'process-dns';
  readonly query: string | undefined;
  /** As Windows writes them: `type:  5 name;::ffff:192.0.2.4;`. */
  readonly answers: string | undefined;
}

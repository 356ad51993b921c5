import type { Address } from '../value/address.ts';
import type { Conversation, Happening } from './conversation.ts';

/** Who did something on an endpoint: what Sysmon's events have in common. */
interface ByProcess extends Happening {
  /** The machine by its name, as `Symbols.host` numbers it. */
  readonly host: Address;
  /** The executable's path; undefined where Sysmon wrote `<unknown process>`. */
  readonly image: string | undefined;
  readonly processId: number | undefined;
  readonly processGuid: string | undefined;
}

/** Sysmon event 1. */
export interface ProcessStart extends ByProcess {
  readonly kind: 'process-start';
  readonly commandLine: string | undefined;
  readonly parentImage: string | undefined;
}

/** Sysmon event 5. */
export interface ProcessEnd extends ByProcess {
  readonly kind: 'process-end';
}

/**
 * Sysmon event 3. Its clock can be days off on machines that slept, while event 1 in the same file is right:
 * never compare its time with another witness's.
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
}

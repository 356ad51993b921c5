import type { Address } from '../value/address.ts';
import type { Micros } from '../value/time.ts';

/** What every event has. */
export interface Happening {
  readonly time: Micros;
  /** The witness's own identifier: Zeek's `uid` and Suricata's `flow_id` of the flow, Sysmon's `ProcessGuid`. */
  readonly uid: string | undefined;
}

/** Who spoke first, who answered: Zeek's originator and responder, not source and destination of a packet. */
export interface Conversation extends Happening {
  readonly originator: Address;
  readonly responder: Address;
  readonly originatorPort: number | undefined;
  readonly responderPort: number | undefined;
  /** Lower case: `tcp`, `udp`, `icmp` (of both IP versions), or what else the sensor names. */
  readonly transport: string | undefined;
}

import type { Address } from '../value/address.ts';
import type { Micros } from '../value/time.ts';

/** What every event has. */
export interface Happening {
  readonly time: Micros;
  /** The sensor's own identifier of the flow: Zeek's `uid`, Suricata's `flow_id`. */
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

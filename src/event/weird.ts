import type { Address } from '../value/address.ts';
import type { Happening } from './conversation.ts';

/**
 * An oddity that the sensor itself reports: a line of Zeek's weird.log, a Suricata anomaly. Some belong to no flow.
 * Zeek samples them (25 of a name, then one in a thousand): that a name is there means something, how often does not.
 */
export interface Weird extends Happening {
  readonly kind: 'weird';
  readonly name: string | undefined;
  readonly detail: string | undefined;
  readonly originator: Address | undefined;
  readonly responder: Address | undefined;
  readonly originatorPort: number | undefined;
  readonly responderPort: number | undefined;
  readonly transport: string | undefined;
}

import type { Conversation } from './conversation.ts';

/** A DNS question, with its answer where the sensor joins the two (Zeek does, Suricata writes two events). */
export interface Dns extends Conversation {
  readonly kind: 'dns';
  readonly query: string | undefined;
  /** `A`, `TXT` …: the sensor's name of the type. */
  readonly queryType: string | undefined;
  /** RFC 1035 section 3.2.4: 1 is the internet. */
  readonly queryClass: number | undefined;
  /** RFC 1035 section 4.1.1: 0 is a query, 4 notify, 5 update. */
  readonly opcode: number | undefined;
  /** The one bit of the header that no RFC has assigned (RFC 1035 Z without RFC 4035's AD and CD). */
  readonly reservedBit: boolean | undefined;
}

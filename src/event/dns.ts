import type { Conversation } from './conversation.ts';

/** A DNS question, with its answer where the sensor joins the two (Zeek does, Suricata writes two events). */
export interface Dns extends Conversation {
  readonly kind: 'dns';
  readonly query: string | undefined;
  /** The same in whichever of the two messages it stands. */
  readonly name: string | undefined;
  /** RFC 1035 section 4.1.1 by its name: `NOERROR`, `NXDOMAIN`; undefined where no answer was seen. */
  readonly responseCode: string | undefined;
  /** Whether an address of a private network was answered; of JSON the first three answers are looked at. */
  readonly hasPrivateAnswer: boolean;
  /** What was answered, as the sensor writes it: of JSON the first one only, of TSV all with commas between. */
  readonly answers: string | undefined;
  /** `A`, `TXT` …: the sensor's name of the type. */
  readonly queryType: string | undefined;
  /** RFC 1035 section 3.2.4: 1 is the internet. */
  readonly queryClass: number | undefined;
  /** RFC 1035 section 4.1.1: 0 is a query, 4 notify, 5 update. */
  readonly opcode: number | undefined;
  /** The one bit of the header that no RFC has assigned (RFC 1035 Z without RFC 4035's AD and CD). */
  readonly reservedBit: boolean | undefined;
}

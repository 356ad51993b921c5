import type { Micros } from '../value/time.ts';
import type { Conversation } from './conversation.ts';

/** One conversation between two endpoints: a line of Zeek's conn.log, a Suricata flow. */
export interface Flow extends Conversation {
  readonly kind: 'flow';
  readonly duration: Micros | undefined;
  /** Application protocols that the sensor recognised, in the words of `event/service.ts`; empty where it recognised none. */
  readonly services: readonly string[];
  /** Payload bytes. Suricata counts whole frames, so its figures are estimates. */
  readonly originatorBytes: number;
  readonly responderBytes: number;
  /** The power of two that the originator's bytes reach, from 23 (8 MiB) on; 0 where they are fewer. */
  readonly uploaded: number;
  /** Whether there are any. */
  readonly originatorSpoke: boolean;
  readonly responderSpoke: boolean;
  /** Whether the sensor's own list of local networks holds the end; undefined where it does not say. */
  readonly localOriginator: boolean | undefined;
  readonly localResponder: boolean | undefined;
  /** The responder did more than refuse: it shook hands or sent payload. */
  readonly answered: boolean;
  readonly opening: Opening | undefined;
  /** Who sent the first payload, where both sides' packets were seen. */
  readonly firstSpeaker: 'originator' | 'responder' | undefined;
  /** Flag combinations that no RFC 9293 stack sends, named; undefined where there are none. */
  readonly oddFlags: string | undefined;
  /** Payload was sent before the responder had agreed to the connection (RFC 9293 section 3.5). */
  readonly isEarly: boolean | undefined;
  /** Who sent a first payload after having closed or reset the connection himself. */
  readonly speaksAfterEnd: 'originator' | 'responder' | undefined;
  /** One of them announced a window of zero: it had no room for more. */
  readonly hasStalled: boolean | undefined;
  /** Protocols that the sensor had recognised until it met what they do not allow. */
  readonly failedServices: readonly string[] | undefined;
  /** Packets, of which Zeek counts those of the whole flow, and Suricata those that it saw of it. */
  readonly originatorPackets: number;
  readonly responderPackets: number;
  /** IANA's number of what is spoken upon IP, where the sensor has no name for it. */
  readonly ipProtocol: number | undefined;
  /** Of ICMP and ICMPv6: the type of the first message. */
  readonly icmpType: number | undefined;
  /** The responder's port is 0, which no transport with ports allows (RFC 6335 section 6). */
  readonly isPortZero: boolean;
  /** How well the sensor saw it, where it can tell. */
  readonly quality: Quality | undefined;
  readonly sensor: 'Zeek' | 'Suricata';
}

/** What a sensor did not see of a TCP conversation; `whole` where nothing is known to be missing. */
export type Quality = 'whole' | 'gaps' | 'bad checksums' | 'one side only';

/**
 * How a TCP conversation begins in what the sensor saw: with a `handshake`, with a SYN that nobody answered (`attempt`),
 * in the middle (`midstream`: payload, but neither SYN nor SYN-ACK), or seen from one side only (`one-sided`).
 */
export type Opening = 'handshake' | 'attempt' | 'midstream' | 'one-sided';

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
}

/**
 * How a TCP conversation begins in what the sensor saw: with a `handshake`, with a SYN that nobody answered (`attempt`),
 * in the middle (`midstream`: payload, but neither SYN nor SYN-ACK), or seen from one side only (`one-sided`).
 */
export type Opening = 'handshake' | 'attempt' | 'midstream' | 'one-sided';

import type { Opening } from '../../event/flow.ts';

/**
 * Zeek's `history` (base/protocols/conn/main.zeek): one letter for each kind of packet, in the order of first sight;
 * upper case from the originator, lower case from the responder. s SYN, h SYN-ACK, a ACK, d payload, f FIN, r RST,
 * c bad checksum, g gap, i FIN with RST, q SYN with FIN or RST, ^ Zeek turned the direction round.
 */
export interface History {
  readonly opening: Opening | undefined;
  readonly firstSpeaker: 'originator' | 'responder' | undefined;
  readonly oddFlags: string | undefined;
  readonly hasAnswer: boolean;
}

export function readHistory(history = ''): History {
  return {
    opening: openingOf(history),
    firstSpeaker: firstSpeakerOf(history),
    oddFlags: oddFlagsOf(history),
    hasAnswer: /[hd]/.test(history),
  };
}

const bothSidesSeen = (history: string): boolean => /[A-Z]/.test(history) && /[a-z]/.test(history);

/** Checksum offloading on the sensor's host makes Zeek ignore the packets that would tell: such flows prove nothing. */
const isUnreliable = (history: string): boolean => history.includes('c') && history.includes('C');

function openingOf(history: string): Opening | undefined {
  if (isUnreliable(history) || history === '') return undefined;
  const hasPayload = /[Dd]/.test(history);
  if (!bothSidesSeen(history)) return hasPayload || /[Hh]/.test(history) ? 'one-sided' : 'attempt';
  if (/[Hh]/.test(history)) return 'handshake';
  if (/[Ss]/.test(history)) return hasPayload ? 'one-sided' : 'attempt';
  return hasPayload ? 'midstream' : undefined;
}

/** A gap or a bad checksum before the first payload, or a direction that Zeek guessed, leaves it open who spoke first. */
function firstSpeakerOf(history: string): History['firstSpeaker'] {
  const first = /[DdGgCc^]/.exec(history)?.[0];
  if (openingOf(history) !== 'handshake') return undefined;
  if (first === 'D') return 'originator';
  return first === 'd' ? 'responder' : undefined;
}

function oddFlagsOf(history: string): string | undefined {
  if (/[Qq]/.test(history)) return 'SYN together with FIN or RST';
  return /[Ii]/.test(history) ? 'FIN together with RST' : undefined;
}

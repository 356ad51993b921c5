import type { Opening, Quality } from '../../event/flow.ts';
import { qualityByOpening } from '../transport.ts';

/** What the history of a TCP conversation tells. */
export interface History {
  readonly opening: Opening | undefined;
  readonly firstSpeaker: Side | undefined;
  readonly oddFlags: string | undefined;
  readonly hasAnswer: boolean;
  /** Payload before the responder had agreed to the connection. */
  readonly isEarly: boolean;
  /** Who sent a first payload after having closed or reset the connection himself. */
  readonly speaksAfterEnd: Side | undefined;
  /** Who ever had no room for more. */
  readonly hasStalled: boolean;
  readonly quality: Quality | undefined;
}

type Side = 'originator' | 'responder';

/** One end of a conversation, as far as its packets have been seen. */
interface End {
  hasSpoken: boolean;
  hasEnded: boolean;
  isSeen: boolean;
}

/**
 * Zeek's `history` (base/protocols/conn/main.zeek): one letter for each kind of packet, in the order of first sight;
 * upper case from the originator, lower case from the responder. s SYN, h SYN-ACK, a ACK, d payload, f FIN, r RST,
 * c bad checksum, g gap, t retransmission, w zero window, i FIN with RST, q SYN with FIN or RST, ^ Zeek turned the
 * direction round. The letters are read one after the other, as the packets came.
 */
export function readHistory(history = ''): History {
  const ends: Readonly<Record<Side, End>> = { originator: unseen(), responder: unseen() };
  const kinds = new Set<string>();
  let firstSpeaker: Side | undefined;
  let isEarly = false;
  let speaksAfterEnd: Side | undefined;
  /** From then on nobody knows what was first: bytes were lost, or the direction was a guess. */
  let isUncertain = false;

  for (const letter of history) {
    const kind = letter.toLowerCase();
    const side = letter === kind ? 'responder' : 'originator';
    if (letter !== '^') ends[side].isSeen = true;
    kinds.add(kind);
    switch (kind) {
      case 'd':
        if (!isUncertain) firstSpeaker ??= side;
        if (!isUncertain && kinds.has('s') && !kinds.has('h')) isEarly = true;
        if (!isUncertain && !ends[side].hasSpoken && ends[side].hasEnded) speaksAfterEnd ??= side;
        ends[side].hasSpoken = true;
        break;
      case 'f':
      case 'r':
        ends[side].hasEnded = true;
        break;
      case 'g':
      case 'c':
      case '^':
        isUncertain = true;
        break;
    }
  }

  const { originator, responder } = ends;
  const hasBothSides = originator.isSeen && responder.isSeen;
  /** Checksum offloading on the sensor's host makes Zeek ignore the packets that would tell: such flows prove nothing. */
  const isBlurred = history.includes('c') && history.includes('C');
  const opening = isBlurred || history === '' ? undefined : openingOf(kinds, hasBothSides);
  const isWhole = opening === 'handshake';
  return {
    opening,
    firstSpeaker: isWhole ? firstSpeaker : undefined,
    oddFlags: oddFlagsOf(kinds),
    hasAnswer: /[hd]/.test(history),
    // Whose answer the sensor met late has not spoken early: the responder's SYN-ACK must be there.
    isEarly: isEarly && isWhole,
    speaksAfterEnd: isWhole ? speaksAfterEnd : undefined,
    hasStalled: kinds.has('w'),
    quality: qualityOf(kinds, opening),
  };
}

const unseen = (): End => ({ hasSpoken: false, hasEnded: false, isSeen: false });

function openingOf(kinds: ReadonlySet<string>, hasBothSides: boolean): Opening | undefined {
  const hasPayload = kinds.has('d');
  if (!hasBothSides) return hasPayload || kinds.has('h') ? 'one-sided' : 'attempt';
  if (kinds.has('h')) return 'handshake';
  if (kinds.has('s')) return hasPayload ? 'one-sided' : 'attempt';
  return hasPayload ? 'midstream' : undefined;
}

function oddFlagsOf(kinds: ReadonlySet<string>): string | undefined {
  if (kinds.has('q')) return 'SYN together with FIN or RST';
  return kinds.has('i') ? 'FIN together with RST' : undefined;
}

function qualityOf(kinds: ReadonlySet<string>, opening: Opening | undefined): Quality | undefined {
  if (kinds.has('c')) return 'bad checksums';
  if (kinds.has('g')) return 'gaps';
  return qualityByOpening(opening);
}

import { anyLack } from '../baseline/doubts.ts';
import type { Flow } from '../event/flow.ts';
import type { Sign } from '../finding/evidence.ts';
import { durationText } from '../value/duration.ts';
import { duration, number, oneOf } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

const states = ['early', 'after-end', 'stalled'] as const;
type State = (typeof states)[number];

/** Where the packets of a TCP conversation come out of turn (RFC 9293 section 3.5 and 3.6), as the sensor wrote their order down. */
export const flowState = defineDetector({
  name: 'flow-state',
  needs: { flow: [] },
  fooledBy: anyLack,
  options: {
    state: oneOf(states, 'early'),
    /** From how long on a stalled conversation is told of. */
    longest: duration('1h'),
    /** Slower than that, in bytes of payload a second both ways, it stands still. */
    slowest: number(10, { unit: 'bytes a second' }),
    confidence: number(1, { most: 1 }),
  },
  needsFor: ({ state }) => ({ flow: [fieldOf(state)] }),

  detect(flow, { state, longest, slowest, confidence }) {
    const sign = signOf(flow, state, longest, slowest);
    return sign && { ...sign, confidence };
  },
});

function fieldOf(state: State) {
  if (state === 'early') return 'isEarly';
  return state === 'after-end' ? 'speaksAfterEnd' : 'hasStalled';
}

function signOf(flow: Flow, state: State, longest: number, slowest: number): Sign | undefined {
  switch (state) {
    case 'early':
      return flow.isEarly ? { summary: 'payload before the TCP handshake was complete' } : undefined;
    case 'after-end':
      return flow.speaksAfterEnd === undefined
        ? undefined
        : { summary: `first payload of the ${flow.speaksAfterEnd} after it had closed the connection` };
    case 'stalled': {
      if (!flow.hasStalled || !flow.originatorSpoke) return undefined;
      const { duration = 0, originatorBytes, responderBytes } = flow;
      const isSlow = ((originatorBytes + responderBytes) * 1e6) / duration < slowest;
      return duration >= longest && isSlow
        ? { summary: `a connection that is held open without room for more, for ${durationText(longest)} or longer` }
        : undefined;
    }
  }
}

import type { Newcomer } from '../baseline/newcomers.ts';
import { onlyHost } from '../finding/evidence.ts';
import { number } from '../value/reader.ts';
import { figure } from '../value/text.ts';
import { isoTime, minuteText } from '../value/time.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';
import { needsOf, surpriseOf } from './novelties.ts';

/** A host of ours that nobody had seen, once the network had been known for long enough. */
export const newHost = defineDetector({
  name: 'new-host',
  needs: {},
  options: {
    /** The chance of a new host, up to which one is told at the rule's level; where they come and go it is informational. */
    surprise: number(0.01, { most: 1 }),
  },
  needsFor: () => needsOf(['talker', 'listener', 'domain']),
  unready: (_, baseline) => baseline.tooShort('talker'),

  *conclude(baseline, { surprise }) {
    for (const newcomer of baseline.newcomers()) {
      const { host, row, knownSince, chance, of } = newcomer;
      const parties = onlyHost(host);
      const isRoutine = chance > surprise;
      const sign = {
        summary: `first seen on this network, which is known since ${minuteText(isoTime(knownSince))} UTC`,
        aspect: 'a new host',
        ...(isRoutine && { level: 'informational' as const }),
      };
      yield {
        ...fromRow(row, parties, sign, baseline),
        count: 1,
        novelty: {
          ...{ knownSince, chance, because: becauseOf(newcomer), entities: 1, of },
          surprise: isRoutine ? 1 : surpriseOf(chance, surprise),
        },
      };
    }
  },
});

const becauseOf = ({ chance, history }: Newcomer): string =>
  `a chance of ${(chance * 100).toPrecision(2)} %, by ${figure(history)} days on which hosts were seen`;

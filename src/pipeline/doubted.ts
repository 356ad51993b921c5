import type { Baseline } from '../baseline/baseline.ts';
import { createDoubts, type Doubts, type Lack } from '../baseline/doubts.ts';
import type { Ledger } from '../correlate/ledger.ts';
import { sensorOf } from '../decode/witnesses.ts';
import { defineDetector } from '../detect/detector.ts';
import type { Evidence } from '../finding/evidence.ts';
import { listAt } from '../value/made-at.ts';
import { sum } from '../value/sum.ts';
import type { Micros } from '../value/time.ts';
import type { Listener } from './active-rule.ts';

/** From which share of what is missing on a rule says nothing of a host that this would fool. */
const SILENT_FROM = 0.5;

/** Hears what sensors say of themselves. It belongs to no rule: what it hears is no finding. */
export const captureListener: Listener = {
  rule: { id: 'capture' },
  options: {},
  detector: defineDetector({
    name: 'capture',
    needs: { capture: ['lost'] },
    options: {},
    detect: ({ lost, sensor }) =>
      lost === undefined
        ? undefined
        : { summary: 'packets lost', aspect: `${sensor} ${Math.max(0, Math.min(100, Math.round(lost)))}` },
  }),
};

/** How well the sensors saw what there was. */
export const doubtsIn = (baseline: Baseline, ledger: Ledger): Doubts =>
  createDoubts(baseline.rows('quality'), lossesIn(ledger), baseline.symbols);

/** Zeek says it for each stretch of time; Suricata's counters go on from its start, so that its last word holds all. */
function lossesIn(ledger: Ledger): ReadonlyMap<string, number> {
  const said = new Map<string, { readonly lost: number; readonly count: number; readonly last: Micros }[]>();
  for (const { sign, count, last } of ledger.of(captureListener.rule.id)) {
    const [sensor = '', percent = ''] = (sign.aspect ?? '').split(' ');
    listAt(said, sensor).push({ lost: Number(percent) / 100, count, last });
  }
  return new Map(
    [...said].map(([sensor, words]) => {
      if (sensor === 'Suricata')
        return [sensor, words.reduce((latest, word) => (word.last > latest.last ? word : latest)).lost];
      return [sensor, sum(words.map(({ lost, count }) => lost * count)) / sum(words.map(({ count }) => count))];
    }),
  );
}

/** Evidence that the sensor's own blindness may have made, with how likely that is. */
export interface Doubted {
  readonly evidence: readonly Evidence[];
  /** How many pieces are not told, because what the sensor missed explains them as well. */
  readonly silenced: number;
}

export function doubted(
  evidence: readonly Evidence[],
  lacks: readonly Lack[],
  doubts: Doubts,
  baseline: Baseline,
): Doubted {
  if (lacks.length === 0 || doubts.bySensor.length === 0) return { evidence, silenced: 0 };
  let silenced = 0;
  const told = evidence.flatMap(piece => {
    const { originator, responder, sign } = piece;
    if (sign.isPlain) return [piece];
    const host = originator !== undefined && baseline.isLocal(originator) ? originator : (responder ?? originator);
    const [{ log, uid } = { log: '', uid: undefined }] = piece.references;
    const doubt = doubts.of(host, lacks, sensorOf(log, uid));
    if (!doubt) return [piece];
    if (doubt.share < SILENT_FROM) return [{ ...piece, doubt }];
    silenced++;
    return [];
  });
  return { evidence: told, silenced };
}

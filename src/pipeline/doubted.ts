import type { Baseline } from '../baseline/baseline.ts';
import { createDoubts, type Doubts, type Lack } from '../baseline/doubts.ts';
import type { Ledger } from '../correlate/ledger.ts';
import { defineDetector } from '../detect/detector.ts';
import type { Evidence } from '../finding/evidence.ts';
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
        : { summary: 'packets lost', aspect: `${sensor} ${Math.min(100, Math.round(lost))}` },
  }),
};

/** How well the sensors saw what there was. */
export const doubtsIn = (baseline: Baseline, ledger: Ledger): Doubts =>
  createDoubts(baseline.rows('quality'), lossesIn(ledger), baseline.symbols);

/** By sensor, over all that it said. */
function lossesIn(ledger: Ledger): ReadonlyMap<string, number> {
  const sums = new Map<string, { lost: number; of: number }>();
  for (const { sign, count } of ledger.of(captureListener.rule.id)) {
    const [sensor = '', percent = ''] = (sign.aspect ?? '').split(' ');
    const { lost, of } = sums.get(sensor) ?? { lost: 0, of: 0 };
    sums.set(sensor, { lost: lost + (Number(percent) / 100) * count, of: of + count });
  }
  return new Map([...sums].map(([sensor, { lost, of }]) => [sensor, lost / of]));
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
  if (lacks.length === 0) return { evidence, silenced: 0 };
  let silenced = 0;
  const told = evidence.flatMap(piece => {
    const { originator, responder, sign } = piece;
    if (sign.isPlain) return [piece];
    const host = originator !== undefined && baseline.isLocal(originator) ? originator : (responder ?? originator);
    const doubt = doubts.of(host, lacks);
    if (!doubt) return [piece];
    if (doubt.share < SILENT_FROM) return [{ ...piece, doubt }];
    silenced++;
    return [];
  });
  return { evidence: told, silenced };
}

import type { Baseline } from '../baseline/baseline.ts';
import type { Novelty } from '../baseline/novelty.ts';
import { NONE } from '../baseline/row.ts';
import { valueText } from '../baseline/value-text.ts';
import type { Evidence } from '../finding/evidence.ts';
import { number, oneOf } from '../value/reader.ts';
import { figure, shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf } from './from-row.ts';
import { isSurprise, needsOf, surpriseOf, type ToldTrait, toldTraits } from './novelties.ts';

/** A host that has been known for a while shows something that it was not likely to show. */
export const firstSeen = defineDetector({
  name: 'first-seen',
  needs: {},
  options: {
    trait: oneOf(toldTraits, 'talker'),
    /** The chance of something so new, up to which it stands alone; likelier novelty is routine. */
    surprise: number(0.01, { most: 1 }),
  },
  needsFor: ({ trait }) => needsOf([trait]),
  unready: ({ trait }, baseline) => baseline.tooShort(trait),

  *conclude(baseline, { trait, surprise }) {
    for (const novelty of baseline.novelties(trait)) {
      if (isSurprise(novelty, surprise, baseline)) yield evidenceOf(novelty, trait, surprise, baseline);
    }
  },
});

function evidenceOf(novelty: Novelty, trait: ToldTrait, surprise: number, baseline: Baseline): Evidence {
  const { row, knownSince, chance, entities, of } = novelty;
  const value = valueText(novelty.row, baseline.symbols);
  const sign = { summary: summaryOf(novelty, trait, value), aspect: aspectOf(novelty, value) };
  const evidence = fromRow(row, partiesFor(novelty, trait, baseline), sign, baseline);
  return {
    ...evidence,
    ...(trait === 'process' && { process: value }),
    novelty: { knownSince, chance, surprise: surpriseOf(chance, surprise), because: becauseOf(novelty), entities, of },
  };
}

/** First contacts are alike where they are on one port; of everything else the value says it all. */
const aspectOf = ({ row }: Novelty, value: string): string => (row.peer === NONE ? value : portIn(value));

const portIn = (value: string): string => value.slice(value.lastIndexOf(':') + 1);

/** A listener's host is the one that answers. */
function partiesFor({ row }: Novelty, trait: ToldTrait, baseline: Baseline) {
  const parties = partiesOf(row, baseline);
  return trait === 'listener' ? { ...parties, originator: undefined, responder: row.entity } : parties;
}

function summaryOf({ row, judged }: Novelty, trait: ToldTrait, value: string): string {
  switch (trait) {
    case 'talker':
      return judged === 'port'
        ? `first day ${row.port === NONE ? 'of' : 'on port'} ${portIn(value)}`
        : `first contact with this peer on ${portIn(value)}`;
    case 'listener':
      return `answers on ${row.port === NONE ? value : `port ${value}`} for the first time`;
    case 'domain':
      return `first request for ${value}`;
    case 'process':
      return `${value} uses the network for the first time here`;
    case 'agent':
      return `a program that calls itself ${shortened(value, 60)} for the first time (User-Agent; N stands for its numbers)`;
    case 'fingerprint':
      return `a TLS client that greets as ${shortened(value, 40)}, for the first time`;
  }
}

/** The arithmetic in words, so that the reader can judge it. */
function becauseOf({ chance, history, basis, isFirst }: Novelty): string {
  const whose = {
    own: 'value-days of this host',
    role: 'value-days of the hosts of its role',
    pooled: 'value-days of the hosts of this network',
    'role newcomers': 'days of hosts of its role that had shown nothing of the kind',
    newcomers: 'days of hosts that had shown nothing of the kind',
  }[basis];
  const first = isFirst ? '; nobody here had shown it before' : '';
  return `a chance of ${(chance * 100).toPrecision(2)} %, by ${figure(history)} ${whose}${first}`;
}

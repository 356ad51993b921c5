import type { Baseline } from '../baseline/baseline.ts';
import type { Novelty } from '../baseline/novelty.ts';
import { valueText } from '../baseline/value-text.ts';
import { type Evidence, earliest, MOST_REFERENCES, onlyHost } from '../finding/evidence.ts';
import type { Address } from '../value/address.ts';
import { inTextOrder } from '../value/order.ts';
import { number } from '../value/reader.ts';
import { counted, listed } from '../value/text.ts';
import { dayOf, dayText, isoTime, startOfDay } from '../value/time.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';
import { isSurprise, needsOf, type ToldTrait, toldTraits } from './novelties.ts';

/** What is new but was likely to come: told once for each host and day, so that nothing is lost and nothing shouts. */
export const routineNovelty = defineDetector({
  name: 'routine-novelty',
  needs: {},
  options: {
    /** As in the rules about the single novelties: what is less likely than this stands there. */
    surprise: number(0.01, { most: 1 }),
    /** How many values a finding lists; the count is always whole. */
    most_listed: number(1000, { least: 1, unit: 'values' }),
  },
  needsFor: () => needsOf(['talker', 'listener', 'domain', 'process']),
  unready(_, baseline) {
    const reasons = toldTraits.map(trait => baseline.tooShort(trait));
    return reasons.every(reason => reason !== undefined) ? reasons[0] : undefined;
  },

  *conclude(baseline, { surprise, most_listed }) {
    for (const { host, day, novelties } of byHostAndDay(baseline, surprise)) {
      yield evidenceOf(host, day, novelties, most_listed, baseline);
    }
  },
});

interface New {
  readonly trait: ToldTrait;
  readonly novelty: Novelty;
}

interface HostDay {
  readonly host: Address;
  readonly day: number;
  readonly novelties: New[];
}

function byHostAndDay(baseline: Baseline, surprise: number): Iterable<HostDay> {
  const days = new Map<string, HostDay>();
  for (const trait of toldTraits) {
    for (const novelty of baseline.novelties(trait)) {
      if (isSurprise(novelty, surprise, baseline)) continue;
      const host = novelty.row.entity;
      const day = dayOf(novelty.row.first);
      const key = `${host} ${day}`;
      const group = days.get(key) ?? { host, day, novelties: [] };
      days.set(key, group);
      group.novelties.push({ trait, novelty });
    }
  }
  return days.values();
}

function evidenceOf(
  host: Address,
  day: number,
  novelties: readonly New[],
  mostListed: number,
  baseline: Baseline,
): Evidence {
  const parties = onlyHost(host);
  const date = dayText(isoTime(startOfDay(day)));
  const list = [...novelties]
    .map(({ trait, novelty }) => ({
      time: novelty.row.first,
      text: `${trait} ${valueText(novelty.row, baseline.symbols)}`,
    }))
    .sort((one, other) => one.time - other.time || inTextOrder(one.text, other.text))
    .map(({ text }) => text);
  const sign = { summary: summaryOf(novelties, date, list, baseline.isForgetful(host)), aspect: date };
  const rows = novelties.map(({ novelty }) => novelty.row).sort((one, other) => one.first - other.first);
  // Those that may be among the earliest.
  const limit = rows[MOST_REFERENCES - 1]?.first ?? Number.POSITIVE_INFINITY;
  const all = rows.filter(({ first }) => first <= limit).map(row => fromRow(row, parties, sign, baseline));
  const firsts = novelties.map(({ novelty }) => novelty.row.first);
  return {
    sign,
    ...parties,
    standsAlone: true,
    first: firsts.reduce((least, first) => Math.min(least, first)),
    last: firsts.reduce((most, first) => Math.max(most, first)),
    count: novelties.length,
    references: earliest(all.flatMap(({ references }) => references)),
    list: list.slice(0, mostListed),
  };
}

/** So many are named in the sentence itself. */
const MOST_NAMED = 3;

function summaryOf(novelties: readonly New[], date: string, list: readonly string[], isUncertain: boolean): string {
  const counts = toldTraits.flatMap(trait => {
    const count = novelties.filter(novelty => novelty.trait === trait).length;
    return count === 0 ? [] : [counted(count, `new ${trait}`, trait === 'process' ? 'new processes' : `new ${trait}s`)];
  });
  const names = list.slice(0, MOST_NAMED).join(', ') + (list.length > MOST_NAMED ? ', …' : '');
  const doubt = isUncertain ? 'or only forgotten, for want of room (--max-rows)' : 'no surprise here';
  return `${listed(counts)} on ${date}, ${doubt}: ${names}`;
}

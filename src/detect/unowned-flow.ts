import type { Baseline } from '../baseline/baseline.ts';
import type { Row } from '../baseline/row.ts';
import type { Address } from '../value/address.ts';
import { listAt } from '../value/made-at.ts';
import { duration, number } from '../value/reader.ts';
import { MINUTE, type Micros } from '../value/time.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf } from './from-row.ts';

/**
 * A machine whose endpoint sensor tells of nearly all its connections calls somebody, and that sensor says nothing of it:
 * what hides from it on the machine is seen on the wire. Or the other way round: by another way than the sensor's.
 */
export const unownedFlow = defineDetector({
  name: 'unowned-flow',
  needs: { 'process-connect': ['originator'] },
  options: {
    /** Of how many peers and ports the endpoint must have told in all, and of which share of those that were seen. */
    least_talkers: number(20, { least: 1, unit: 'peers and ports' }),
    share: number(0.9, { most: 1 }),
    /** So many flows to one port of a peer must be untold: one gets lost now and then. */
    least_flows: number(3, { least: 1, unit: 'flows' }),
    /** What began sooner after the endpoint's first word had perhaps begun before it. */
    grace: duration('10m'),
  },

  *conclude(baseline, { least_talkers, share, least_flows, grace }) {
    const talkers = new Map<Address, Row[]>();
    for (const row of baseline.rows('talker'))
      if (baseline.symbols.text(row.transport) === 'tcp') listAt(talkers, row.entity).push(row);
    const spoken = spansOf(baseline);
    for (const [host, rows] of talkers) {
      const span = spoken.get(host);
      if (!span) continue;
      const within = rows.filter(({ first }) => first >= span.from + grace && first <= span.to - MINUTE);
      const unowned = within.filter(row => !isOwned(row, baseline));
      const owned = within.length - unowned.length;
      if (owned < least_talkers || owned < share * within.length) continue;
      for (const row of unowned.filter(({ count }) => count >= least_flows)) {
        const sign = {
          summary: `seen on the wire, and not told by the endpoint, which told of ${owned} of ${within.length} peers and ports`,
          aspect: 'untold',
        };
        yield fromRow(row, partiesOf(row, baseline), sign, baseline);
      }
    }
  },
});

/** Whether the endpoint told of any flow to that port of the peer. */
function isOwned(row: Row, baseline: Baseline): boolean {
  const { port, transport } = partiesOf(row, baseline);
  const subject = { host: row.entity, peer: row.peer, port, transport };
  return baseline.owners.opened(subject).length > 0 || baseline.owners.contacted(subject).length > 0;
}

/** From when to when each machine's endpoint told of connections, by the sensors' clock. */
function spansOf({ owners }: Baseline): ReadonlyMap<Address, { from: Micros; to: Micros }> {
  const spans = new Map<Address, { from: Micros; to: Micros }>();
  for (const { row, first, last } of owners.contacts) {
    const span = spans.get(row.entity);
    if (!span) spans.set(row.entity, { from: first, to: last });
    else Object.assign(span, { from: Math.min(span.from, first), to: Math.max(span.to, last) });
  }
  return spans;
}

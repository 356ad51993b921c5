import type { Evidence } from '../finding/evidence.ts';
import type { Address } from '../value/address.ts';
import { madeAt } from '../value/made-at.ts';
import { number, words } from '../value/reader.ts';
import { anyLike } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf } from './from-row.ts';
import { by, fileOf, ownerTitle } from './owner.ts';

/** A request says that it comes from a browser, and the process that opened the connection is none. */
export const browserClaim = defineDetector({
  name: 'browser-claim',
  needs: { 'process-connect': ['image'] },
  options: {
    /** File names of browsers, and of programs that have one inside. */
    browsers: words(),
    /** What so many hosts run and more is no implant, but a program with a browser inside. */
    most_hosts: number(3, { least: 1, unit: 'hosts' }),
  },

  *conclude(baseline, { browsers, most_hosts }) {
    const isBrowser = anyLike(browsers);
    const found: Evidence[] = [];
    const hosts = new Map<string, Set<Address>>();
    for (const row of baseline.rows('browses')) {
      const parties = partiesOf(row, baseline);
      const { port, transport } = parties;
      const owners = baseline.owners
        .opened({ host: row.entity, peer: row.peer, port, transport })
        .filter(({ method }) => method === '5-tuple');
      // Which of several asked for the page nobody knows.
      const isNone = owners.length > 0 && owners.every(owner => fileOf(owner) !== '' && !isBrowser(fileOf(owner)));
      const [owner] = owners;
      if (!isNone || !owner) continue;
      const sign = {
        summary: `asks for pages as a browser does (User-Agent), and is ${ownerTitle(owner)}`,
        aspect: fileOf(owner),
        confidence: owner.confidence,
      };
      madeAt(hosts, fileOf(owner), () => new Set()).add(row.entity);
      found.push({ ...fromRow(row, parties, sign, baseline), ...by(owner) });
    }
    yield* found.filter(({ sign }) => (hosts.get(sign.aspect ?? '')?.size ?? 0) <= most_hosts);
  },
});

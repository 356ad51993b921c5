import type { Row } from '../baseline/row.ts';
import { listAt } from '../value/made-at.ts';
import { duration } from '../value/reader.ts';
import { counted } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** A second server leases addresses, where there was another one before (RFC 2131 section 3.1). */
export const dhcpServer = defineDetector({
  name: 'dhcp-server',
  needs: { lease: ['server'] },
  options: {
    /** How long the servers of a network are learnt before a further one is told of. */
    grace: duration('1d'),
  },

  *conclude(baseline, { grace }) {
    const span = baseline.spanOf('lease');
    const servers = new Map<number, Row[]>();
    for (const row of baseline.rows('leased')) listAt(servers, row.peer).push(row);
    if (!span || servers.size < 2) return;
    const firsts = [...servers].map(([server, rows]) => ({ server, rows, first: firstOf(rows) }));
    for (const { server, rows, first } of firsts) {
      if (first <= span.from + grace) continue;
      const before = firsts.filter(other => other.first < first).length;
      for (const row of rows) {
        const parties = { originator: row.entity, responder: server, port: 67, transport: 'udp' };
        const sign = {
          summary: `leases addresses beside ${counted(before, 'server')} that did so before`,
          aspect: 'further server',
        };
        yield fromRow(row, parties, sign, baseline);
      }
    }
  },
});

const firstOf = (rows: readonly Row[]): number =>
  rows.reduce((least, { first }) => Math.min(least, first), Number.POSITIVE_INFINITY);

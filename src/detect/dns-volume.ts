import { number } from '../value/reader.ts';
import { bytesText } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** Far more bytes on the port of DNS than names and addresses need. */
export const dnsVolume = defineDetector({
  name: 'dns-volume',
  needs: { flow: ['originatorBytes'] },
  options: {
    /** Bytes of a flow, on average: a question and its answer have some hundred (RFC 9715). */
    most_bytes: number(4000, { least: 1, unit: 'bytes a flow' }),
    /** Bytes of all flows between the two, below which nobody is told. */
    least_total: number(1_000_000, { unit: 'bytes' }),
  },

  *conclude(baseline, { most_bytes, least_total }) {
    for (const row of baseline.rows('talker')) {
      if (row.port !== DNS || row.bytes < least_total || row.bytes / row.count < most_bytes) continue;
      const transport = baseline.symbols.text(row.transport) || undefined;
      const sign = {
        summary: `more than ${bytesText(most_bytes)} a flow on port 53, on average`,
        aspect: 'volume',
      };
      yield fromRow(row, { originator: row.entity, responder: row.peer, port: DNS, transport }, sign, baseline);
    }
  },
});

const DNS = 53;

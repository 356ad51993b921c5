import { countOf } from '../value/distinct.ts';
import { durationText } from '../value/duration.ts';
import { number, stretch } from '../value/reader.ts';
import { beginningOf } from '../value/time.ts';
import { defineDetector } from './detector.ts';

/** More than one network card says that an address is its own (RFC 826, RFC 5227). */
export const arpClaims = defineDetector({
  name: 'arp-claims',
  needs: { arp: ['sender', 'senderHardware'] },
  options: {
    least: number(2, { least: 2, most: 60, unit: 'network cards' }),
    /** Stretches of time that are counted by themselves: cards are changed now and then, and virtual machines move. */
    window: stretch('1h'),
  },

  detect({ sender, senderHardware, time }, { window }) {
    if (sender === undefined || sender === 0 || senderHardware === undefined) return undefined;
    return {
      summary: 'claims an address by ARP',
      item: senderHardware.toLowerCase(),
      window: beginningOf(time, window),
    };
  },

  settle({ sign, items = [] }, { least, window }) {
    const many = countOf(items);
    return (
      many >= least && { ...sign, summary: `claimed by ${many} network cards within ${durationText(window)} (ARP)` }
    );
  },
});

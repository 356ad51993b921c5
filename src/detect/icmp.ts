import { isIPv4 } from '../value/address.ts';
import { number, numbers, oneOf } from '../value/reader.ts';
import { bytesText } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** ICMP that carries more than a ping does (RFC 792, RFC 4443), or says what hosts should not be told. */
export const icmp = defineDetector({
  name: 'icmp',
  needs: { flow: ['icmpType', 'originatorPackets', 'responderPackets'] },
  options: {
    sees: oneOf(['payload', 'type'], 'payload'),
    /** Echo request and reply, of ICMP and ICMPv6. */
    echo: numbers([0, 8, 128, 129]),
    /** Bytes of payload a packet: a ping of Windows has 32, of Linux 56, of a path's probe up to the link's 1472. */
    most_bytes: number(256, { least: 1, unit: 'bytes a packet' }),
    /** Bytes of a flow: a ping that is sent once is no channel. */
    least_total: number(10_000, { unit: 'bytes of a flow' }),
    /** Types that only a router or nobody should send: source quench, redirect, router advertisement, timestamps, masks. */
    odd_types: numbers([4, 5, 6, 9, 10, 13, 14, 15, 16, 17, 18, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39]),
    /** The same of ICMPv6: redirect, renumbering, and what was never assigned. */
    odd_types_v6: numbers([100, 101, 137, 138, 200, 201]),
    confidence: number(0.8, { most: 1 }),
  },

  detect(flow, { sees, echo, most_bytes, least_total, odd_types, odd_types_v6, confidence }) {
    if (flow.transport !== 'icmp') return undefined;
    const { icmpType: type } = flow;
    if (type === undefined) return undefined;
    if (sees === 'type')
      return (isIPv4(flow.originator) ? odd_types : odd_types_v6).has(type)
        ? { summary: `ICMP of type ${type} (${titleOf(type)})`, aspect: `type ${type}` }
        : undefined;
    const { originatorBytes: sent, responderBytes: got, originatorPackets: asked, responderPackets: answered } = flow;
    const [question, answer] = [sent / Math.max(1, asked), got / Math.max(1, answered)];
    const largest = Math.max(question, answer);
    if (!echo.has(type) || largest <= most_bytes || sent + got < least_total) return undefined;
    // An answer repeats the question: where it does not, it is one.
    const isTalk = got > 0 && Math.abs(question - answer) > 0.05 * largest;
    return {
      summary: `echo packets of more than ${bytesText(most_bytes)}${isTalk ? ', answered by others than were sent' : ''}`,
      aspect: isTalk ? 'talk' : 'large',
      confidence: isTalk ? 1 : confidence,
    };
  },
});

const titleOf = (type: number): string => titles.get(type) ?? 'hardly ever used';

const titles: ReadonlyMap<number, string> = new Map([
  [4, 'source quench, which RFC 6633 has done away with'],
  [5, 'redirect: a router is to be another one'],
  [9, 'router advertisement'],
  [10, 'router solicitation'],
  [13, 'timestamp'],
  [14, 'timestamp reply'],
  [17, 'address mask'],
  [18, 'address mask reply'],
  [137, 'redirect: a router is to be another one'],
]);

import { countOf, EXACT } from '../value/distinct.ts';
import { durationText } from '../value/duration.ts';
import { number, oneOf, ports, stretch, words } from '../value/reader.ts';
import { counted } from '../value/text.ts';
import { beginningOf } from '../value/time.ts';
import { defineDetector } from './detector.ts';

/** A host of ours that knocks at many doors, of which none opens: at many hosts on one port, or at many ports of one host. */
export const fanOut = defineDetector({
  name: 'fan-out',
  needs: { flow: ['answered'] },
  fooledBy: ['one side only', 'lost packets'],
  options: {
    counts: oneOf(['hosts', 'ports'], 'hosts'),
    /** How many different ones within the window are told of. */
    least: number(50, { least: 2, most: 5000, unit: 'different hosts or ports' }),
    /** Stretches of time that are counted by themselves, beginning at midnight UTC. */
    window: stretch('1d'),
    transports: words(['tcp']),
    /** Ports that are counted by themselves; all others are counted together, so that whoever tries every port takes no more room. */
    ports: ports(),
    quiet_ports: ports(),
  },

  detect(flow, { counts, window, transports, ports, quiet_ports }) {
    const { answered, transport, responderPort, responder } = flow;
    if (answered || transport === undefined || !transports.has(transport)) return undefined;
    if (responderPort === undefined || quiet_ports.has(responderPort)) return undefined;
    const begins = beginningOf(flow.time, window);
    if (counts === 'ports')
      return {
        summary: IN_VAIN,
        aspect: 'ports',
        about: 'ends',
        isOwnDoing: true,
        item: `${responderPort}`,
        window: begins,
      };
    const where = ports.has(responderPort) ? `port ${responderPort}/${transport}` : 'various ports';
    return {
      summary: IN_VAIN,
      aspect: where,
      about: 'originator',
      isOwnDoing: true,
      item: responder,
      window: begins,
    };
  },

  settle({ originator, sign, items = [] }, { counts, least, window }, baseline) {
    const many = countOf(items);
    if (many < least || originator === undefined || !baseline.isLocal(originator)) return false;
    const what =
      counts === 'hosts' ? `${counted(many, 'host')} on ${sign.aspect}` : `${counted(many, 'port')} of one host`;
    return {
      ...sign,
      summary: `connects in vain to ${many > EXACT ? 'about ' : ''}${what} within ${durationText(window)}`,
    };
  },
});

const IN_VAIN = 'attempts to connect that nobody answered';

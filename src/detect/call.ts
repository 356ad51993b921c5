import type { Sign } from '../finding/evidence.ts';
import { countOf } from '../value/distinct.ts';
import { durationText } from '../value/duration.ts';
import { number, numbers, oneOf, stretch, words } from '../value/reader.ts';
import { counted, shortened } from '../value/text.ts';
import { beginningOf, type Micros } from '../value/time.ts';
import { defineDetector } from './detector.ts';

/** What two sensors say of one answer they say within a tenth of a second. */
const TOGETHER: Micros = 100_000;

/** Whom an address of SIP names: without the server, ports and parameters. */
const numberIn = (target: string): string => /^[a-z]+:([^@;]+)@/i.exec(target)?.[1] ?? target;

const sights = ['grammar', 'refusals', 'extensions'] as const;

/** Calls by SIP (RFC 3261): requests of no kind, passwords that are tried, and numbers that are dialled one after the other. */
export const call = defineDetector({
  name: 'call',
  needs: { call: ['method'] },
  options: {
    sees: oneOf(sights, 'grammar'),
    /** RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086. */
    methods: words([
      'INVITE',
      'ACK',
      'BYE',
      'CANCEL',
      'REGISTER',
      'OPTIONS',
      'PRACK',
      'SUBSCRIBE',
      'NOTIFY',
      'UPDATE',
      'MESSAGE',
      'REFER',
      'PUBLISH',
      'INFO',
    ]),
    /** Answers that forbid, or say that there is nobody; 401 and 407 ask for the password that every sound client sends then. */
    refusals: numbers([403, 404]),
    /** How many refusals, or different numbers, within the window are told of. */
    least: number(25, { least: 2, most: 5000, unit: 'refusals or numbers' }),
    window: stretch('1h'),
  },
  needsFor: ({ sees }) => ({ call: [sees === 'refusals' ? 'status' : sees === 'extensions' ? 'target' : 'method'] }),

  detect(event, { sees, methods, refusals, window }): Sign | undefined {
    const { method, status, target } = event;
    const begins = beginningOf(event.time, window);
    switch (sees) {
      case 'grammar':
        if (method !== undefined && !methods.has(method))
          return {
            summary: `a SIP request of the kind ${shortened(method, 30)}, which there is none of`,
            aspect: 'method',
          };
        return target !== undefined && target !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(target)
          ? { summary: `a SIP request for ${shortened(target, 40)}, which is no address`, aspect: 'target' }
          : undefined;
      case 'refusals':
        return status !== undefined && refusals.has(status)
          ? {
              summary: 'requests of SIP that are refused',
              aspect: 'refused',
              window: begins,
              about: 'ends',
              item: `${Math.floor(event.time / TOGETHER)}`,
            }
          : undefined;
      case 'extensions':
        return target !== undefined && (method === 'INVITE' || method === 'REGISTER' || method === 'OPTIONS')
          ? {
              summary: 'numbers are tried by SIP',
              aspect: 'extensions',
              window: begins,
              about: 'ends',
              item: numberIn(target),
            }
          : undefined;
    }
  },

  settle({ sign, items, count, responder }, { sees, least, window }, baseline) {
    if (items === undefined) return true;
    const many = countOf(items);
    // Whom our own server calls outside is its trade.
    if (many < least || responder === undefined || !baseline.isLocal(responder)) return false;
    const what =
      sees === 'refusals' ? `is refused ${counted(count, 'time')}` : `tries ${counted(many, 'different number')}`;
    return { ...sign, summary: `${what} by SIP within ${durationText(window)}` };
  },
});

import { code, from, name, symbol, unlogged } from '../field.ts';
import type { Log } from '../log.ts';
import { conversationTurnedIf } from './conversation.ts';

const Z = 0x0040;

const isAnswer = symbol('dns.type', { meaning: type => type === 'answer' || type === 'response' });

/** In version 3 (Suricata 8) a `response` is the server's; before, an `answer` still names the client as its source. */
const isReply = symbol('dns.type', { meaning: type => type === 'response' });

export const dns: Log<'dns'> = {
  name: 'dns',
  title: 'Suricata EVE dns events',
  kind: 'dns',
  fields: {
    ...conversationTurnedIf(isReply),
    // Suricata tells a question and its answer apart: the name is asked for once.
    query: from({ isAnswer, name: name('dns.rrname|dns.queries.0.rrname') }, ({ isAnswer, name }) =>
      isAnswer ? undefined : name,
    ),
    queryType: symbol('dns.rrtype|dns.queries.0.rrtype'),
    queryClass: unlogged,
    opcode: code('dns.opcode', { enable: 'Suricata 7 or later, which logs dns.opcode' }),
    // `flags` is the header's second word in hexadecimal: in answers, and since version 3 in requests too.
    reservedBit: from(
      { flags: symbol('dns.flags', { meaning: flags => Number.parseInt(flags ?? '', 16) }) },
      ({ flags }) => (Number.isNaN(flags) ? undefined : (flags & Z) !== 0),
    ),
  },
};

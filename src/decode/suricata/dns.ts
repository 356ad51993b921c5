import { code, from, name, symbol, text, unlogged } from '../field.ts';
import type { Log } from '../log.ts';
import { privateAnswerIn } from '../private-answer.ts';
import { conversationTurnedIf } from './conversation.ts';

const Z = 0x0040;

const isAnswer = symbol('dns.type', { meaning: type => type === 'answer' || type === 'response' });

const asked = name('dns.rrname|dns.queries.0.rrname');

/** In version 3 (Suricata 8) a `response` is the server's; before, an `answer` still names the client as its source. */
const isReply = symbol('dns.type', { meaning: type => type === 'response' });

export const dns: Log<'dns'> = {
  name: 'dns',
  title: 'Suricata EVE dns events',
  kind: 'dns',
  fields: {
    ...conversationTurnedIf(isReply),
    // Suricata tells a question and its answer apart: the name is asked for once.
    query: from({ isAnswer, asked }, ({ isAnswer, asked }) => (isAnswer ? undefined : asked)),
    name: asked,
    responseCode: from({ isAnswer, code: symbol('dns.rcode') }, ({ isAnswer, code }) => (isAnswer ? code : undefined), {
      tellers: ['code'],
    }),
    hasPrivateAnswer: privateAnswerIn(
      [
        ['dns', 'answers', '0', 'rdata'],
        ['dns', 'rdata'],
        ['dns', 'grouped', 'A', '0'],
      ],
      [['dns', 'answers', '1', 'rdata']],
      [['dns', 'answers', '2', 'rdata']],
    ),
    answers: text('dns.answers.0.rdata|dns.rdata|dns.grouped.TXT.0|dns.grouped.A.0|dns.grouped.AAAA.0'),
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

import { code, from, name, symbol, text } from '../field.ts';
import { privateAnswerIn } from '../private-answer.ts';
import { conversation, zeekLog } from './zeek-log.ts';

export const dns = zeekLog(
  'dns',
  'dns',
  // Until Bro 2.5 dhcp.log had a trans_id too.
  { hallmark: 'rejected|trans_id|qtype_name', foreign: 'mac|assigned_ip' },
  {
    ...conversation,
    query: name('query'),
    name: name('query'),
    responseCode: symbol('rcode_name'),
    hasPrivateAnswer: privateAnswerIn([['answers', '0'], ['answers']], [['answers', '1']], [['answers', '2']]),
    answers: text([['answers', '0'], ['answers']]),
    queryType: symbol('qtype_name'),
    queryClass: code('qclass'),
    opcode: code('opcode', { enable: 'Zeek 7.1 or later, which logs opcode' }),
    // Z holds three bits of the header: the reserved one, and RFC 4035's AD and CD, which are no oddity.
    reservedBit: from({ bits: code('Z') }, ({ bits }) => (bits === undefined ? undefined : (bits & 4) !== 0)),
  },
);

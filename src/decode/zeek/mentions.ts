import type { PlanColumn } from '../../kernel/plan.ts';
import { address, code, constant, firstOf, from, name, number, rareNumber, symbol, text } from '../field.ts';
import { realPort } from '../transport.ts';
import { servicesOf } from './services.ts';
import { dotted, happening, type ZeekLog, zeekLog } from './zeek-log.ts';

/** How a log names the hosts that it is about, where that is not, or not always, the way of conversations. */
interface Ends {
  readonly originator?: readonly PlanColumn['paths'][];
  readonly responder?: readonly PlanColumn['paths'][];
  readonly responderPort?: PlanColumn['paths'];
  /** Fields of other logs that share the hallmark. */
  readonly foreign?: string;
}

/** Who a record is about that may be about nobody. */
const mentioning = ({ originator = [], responder = [], responderPort = dotted('id.resp_p') }: Ends = {}) => ({
  ...happening,
  originator: firstOf(...[dotted('id.orig_h'), ...originator].map(address)),
  originatorPort: realPort(rareNumber(dotted('id.orig_p'))),
  responder: firstOf(...[dotted('id.resp_h'), ...responder].map(address)),
  responderPort: realPort(code(responderPort)),
  transport: symbol('proto|port_proto'),
});

const mention = (log: string, hallmark: string, ends: Ends = {}): ZeekLog =>
  zeekLog(log, 'mention', { hallmark, foreign: ends.foreign }, mentioning(ends));

/** dpd.log until Zeek 7; analyzer.log since, and of 5.2 to 7 with a line for each parser that was switched off too. */
const violation = (log: string, hallmark: string): ZeekLog =>
  zeekLog(
    log,
    'violation',
    { hallmark },
    {
      ...mentioning(),
      service: from(
        {
          cause: symbol('cause'),
          kind: symbol('analyzer_kind'),
          services: symbol('analyzer|analyzer_name', { meaning: servicesOf }),
        },
        ({ cause = 'violation', kind = 'protocol', services }) =>
          cause === 'violation' && kind === 'protocol' ? services[0] : undefined,
        { tellers: ['services'] },
      ),
      reason: text('failure_reason'),
    },
  );

const aboutHost = { originator: [[['host']]], responderPort: [['port_num'], ['host_p']] };

/** A line each: what Zeek says about hosts, files and itself, with the host first that it is about. */
export const mentionLogs: readonly ZeekLog[] = [
  mention('notice', 'note', { originator: [[['src']]], responder: [[['dst']]], foreign: 'sig_id' }),
  mention('intel', 'seen.indicator'),
  violation('analyzer', 'analyzer_kind'),
  violation('dpd', 'failure_reason'),
  zeekLog(
    'tunnel',
    'tunnel',
    { hallmark: 'tunnel_type' },
    {
      ...mentioning(),
      encapsulation: from(
        { type: symbol('tunnel_type'), action: symbol('action') },
        ({ type, action }) => (action?.endsWith('DISCOVER') ? type?.replace('Tunnel::', '').toLowerCase() : undefined),
        { tellers: ['type'] },
      ),
    },
  ),
  mention('files', 'mime_type', {
    originator: [[['rx_hosts', '0'], ['rx_hosts']]],
    responder: [[['tx_hosts', '0'], ['tx_hosts']]],
  }),
  mention('x509', 'certificate.serial'),
  mention('known_services', 'port_proto', aboutHost),
  mention('known_certs', 'serial', aboutHost),
  mention('software', 'software_type', aboutHost),
  zeekLog(
    'arp',
    'arp',
    { hallmark: 'orig_hw_addr' },
    {
      ...happening,
      operation: symbol('operation', { meaning: word => word?.toLowerCase() }),
      sender: address('orig_h|SPA'),
      senderHardware: name('orig_hw_addr|src_mac|SHA'),
      target: address('resp_h|TPA'),
    },
  ),
  zeekLog(
    'capture_loss',
    'capture',
    { hallmark: 'percent_lost' },
    { ...happening, lost: number('percent_lost'), sensor: constant('Zeek') },
  ),
  mention('known_hosts', 'host', aboutHost),
];

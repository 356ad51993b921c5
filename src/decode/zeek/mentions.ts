import type { PlanColumn } from '../../kernel/plan.ts';
import { address, code, firstOf, rareNumber, symbol } from '../field.ts';
import { dotted, happening, realPort, type ZeekLog, zeekLog } from './zeek-log.ts';

/** How a log names the hosts that it is about, where that is not, or not always, the way of conversations. */
interface Ends {
  readonly originator?: readonly PlanColumn['paths'][];
  readonly responder?: readonly PlanColumn['paths'][];
  readonly responderPort?: PlanColumn['paths'];
  /** Fields of other logs that share the hallmark. */
  readonly foreign?: string;
}

function mention(name: string, hallmark: string, ends: Ends = {}): ZeekLog {
  const { originator = [], responder = [], responderPort = dotted('id.resp_p'), foreign } = ends;
  return zeekLog(
    name,
    'mention',
    { hallmark, foreign },
    {
      ...happening,
      originator: firstOf(...[dotted('id.orig_h'), ...originator].map(address)),
      originatorPort: realPort(rareNumber(dotted('id.orig_p'))),
      responder: firstOf(...[dotted('id.resp_h'), ...responder].map(address)),
      responderPort: realPort(code(responderPort)),
      transport: symbol('proto|port_proto'),
    },
  );
}

const aboutHost = { originator: [[['host']]], responderPort: [['port_num'], ['host_p']] };

/** A line each: what Zeek says about hosts, files and itself, with the host first that it is about. */
export const mentionLogs: readonly ZeekLog[] = [
  mention('notice', 'note', { originator: [[['src']]], responder: [[['dst']]], foreign: 'sig_id' }),
  mention('intel', 'seen.indicator'),
  mention('analyzer', 'analyzer_kind'),
  mention('dpd', 'failure_reason'),
  mention('tunnel', 'tunnel_type'),
  mention('files', 'mime_type', {
    originator: [[['rx_hosts', '0'], ['rx_hosts']]],
    responder: [[['tx_hosts', '0'], ['tx_hosts']]],
  }),
  mention('x509', 'certificate.serial'),
  mention('known_services', 'port_proto', aboutHost),
  mention('known_certs', 'serial', aboutHost),
  mention('software', 'software_type', aboutHost),
  mention('arp', 'orig_hw_addr', { originator: [[['orig_h'], ['SPA']]], responder: [[['resp_h'], ['TPA']]] }),
  mention('capture_loss', 'percent_lost'),
  mention('known_hosts', 'host', aboutHost),
];

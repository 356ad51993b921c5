import { SECOND } from '../../value/time.ts';
import { boolean, code, constant, count, from, number, rareCount, rareNumber, some, symbol } from '../field.ts';
import { magnitude } from '../magnitude.ts';
import { goesToPortZero } from '../transport.ts';
import { type History, readHistory } from './history.ts';
import { removedServicesOf, servicesOf } from './services.ts';
import { conversation, dotted, portUnlessIcmp, transport, zeekLog } from './zeek-log.ts';

const port = number(dotted('id.orig_p'));
const history = symbol('history', { meaning: readHistory });

/** Written when a connection ends, with `ts` its beginning: lines are not in the order of time. */
export const conn = zeekLog(
  'conn',
  'flow',
  { hallmark: 'conn_state', port: port.columns[0] },
  {
    ...conversation,
    originatorPort: portUnlessIcmp(port),
    duration: from({ seconds: rareNumber('duration') }, ({ seconds }) =>
      seconds === undefined ? undefined : Math.round(seconds * SECOND),
    ),
    services: symbol('service', { meaning: servicesOf }),
    originatorBytes: payload('orig'),
    responderBytes: payload('resp'),
    uploaded: magnitude(payload('orig'), count('orig_bytes')),
    originatorSpoke: hasPayload('orig'),
    responderSpoke: hasPayload('resp'),
    localOriginator: boolean('local_orig'),
    localResponder: boolean('local_resp'),
    answered: from(
      { transport, history, state: symbol('conn_state'), packets: some('resp_pkts'), bytes: some('resp_bytes') },
      ({ transport, history, state, packets = false, bytes = false }) =>
        bytes || (transport === 'tcp' ? history.hasAnswer || isEstablished(state) : packets),
    ),
    opening: ofTcp(({ opening }) => opening),
    firstSpeaker: ofTcp(({ firstSpeaker }) => firstSpeaker),
    oddFlags: ofTcp(({ oddFlags }) => oddFlags),
    isEarly: ofTcp(({ isEarly }) => isEarly),
    speaksAfterEnd: ofTcp(({ speaksAfterEnd }) => speaksAfterEnd),
    hasStalled: ofTcp(({ hasStalled }) => hasStalled),
    failedServices: from(
      {
        removed: symbol('service', { meaning: removedServicesOf }),
        failed: symbol('failed_service', { meaning: servicesOf }),
      },
      ({ removed, failed }) => (failed.length > 0 ? failed : removed),
      { enable: '@load protocols/conn/failed-service-logging', tellers: ['failed'] },
    ),
    originatorPackets: rareCount('orig_pkts'),
    responderPackets: rareCount('resp_pkts'),
    ipProtocol: rareNumber('ip_proto'),
    // In ICMP the originator's "port" is the type.
    icmpType: from({ transport, port }, ({ transport, port }) => (transport === 'icmp' ? port : undefined)),
    isPortZero: goesToPortZero(transport, code(dotted('id.resp_p'))),
    quality: ofTcp(({ quality }) => quality),
    sensor: constant('Zeek'),
  },
);

/** Other transports have a history too, but no handshake and no flags. */
function ofTcp<Value>(tell: (history: History) => Value) {
  return from({ transport, history }, ({ transport, history }) => (transport === 'tcp' ? tell(history) : undefined), {
    tellers: ['history'],
  });
}

/** Zeek takes TCP payload from sequence numbers, which a sender can make far wrong (zeek#3313): never more than was on the wire. */
function payload(side: 'orig' | 'resp') {
  return from({ bytes: count(`${side}_bytes`), wire: number(`${side}_ip_bytes`) }, ({ bytes, wire }) =>
    wire === undefined ? bytes : Math.min(bytes, wire),
  );
}

function hasPayload(side: 'orig' | 'resp') {
  return from(
    { bytes: some(`${side}_bytes`), wire: some(`${side}_ip_bytes`) },
    ({ bytes = false, wire = true }) => bytes && wire,
  );
}

const established: ReadonlySet<string> = new Set(['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR']);

const isEstablished = (state: string | undefined): boolean => state !== undefined && established.has(state);

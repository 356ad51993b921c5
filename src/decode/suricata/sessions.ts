import { constant, few, from, unlogged } from '../field.ts';
import type { AnyLog } from '../log.ts';
import { conversation, conversationTurnedIf, isFromServer } from './conversation.ts';

/**
 * The source of these is whoever sent the packet that completed them: the server, where its port says so, be it because
 * clients have no such port, or because the protocol is at home there.
 */
function session(name: string, service: string | undefined, ...home: readonly number[]): AnyLog {
  const { originatorPort: source, responderPort: destination } = conversation;
  const isReply = few(
    from({ isFromServer, source, destination }, ({ isFromServer, source = 0, destination = 0 }) =>
      home.includes(destination) ? false : isFromServer || home.includes(source),
    ),
  );
  return {
    name,
    title: `Suricata EVE ${name} events`,
    kind: 'session',
    fields: { ...conversationTurnedIf(isReply), service: service === undefined ? unlogged : constant(service) },
  };
}

/** A line each. Those without a protocol are carried by another one, or on a port of the moment. */
export const sessionLogs: readonly AnyLog[] = [
  session('smtp', 'smtp', 25, 465, 587),
  session('ssh', 'ssh', 22),
  session('ftp', 'ftp', 21),
  session('ftp_data', undefined, 20),
  session('tftp', 'tftp', 69),
  session('rdp', 'rdp', 3389),
  session('rfb', 'vnc', 5900),
  session('telnet', 'telnet', 23),
  session('pgsql', 'postgresql', 5432),
  session('ldap', 'ldap', 389, 3268),
  session('mqtt', 'mqtt', 1883),
  session('modbus', 'modbus', 502),
  session('dnp3', 'dnp3', 20000),
  session('enip', 'enip', 44818),
  session('sip', 'sip', 5060, 5061),
  session('snmp', 'snmp', 161, 162),
  session('quic', 'quic', 443),
  session('ike', 'ike', 500, 4500),
  session('nfs', 'nfs', 2049),
  session('smb', undefined, 445, 139),
  session('krb5', undefined, 88),
  session('dcerpc', undefined, 135),
  session('http2', undefined, 80, 443),
];

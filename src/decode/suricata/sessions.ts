import { code, constant, few, from, name, symbol, unlogged } from '../field.ts';
import type { AnyLog } from '../log.ts';
import { conversation, conversationTurnedIf, isFromServer } from './conversation.ts';

/**
 * The source of these is whoever sent the packet that completed them: the server, where its port says so, be it because
 * clients have no such port, or because the protocol is at home there.
 */
const isReplyOf = (home: readonly number[]) => {
  const { originatorPort: source, responderPort: destination } = conversation;
  return few(
    from({ isFromServer, source, destination }, ({ isFromServer, source = 0, destination = 0 }) =>
      home.includes(destination) ? false : isFromServer || home.includes(source),
    ),
  );
};

const session = (log: string, service: string | undefined, ...home: readonly number[]): AnyLog => ({
  name: log,
  title: `Suricata EVE ${log} events`,
  kind: 'session',
  fields: {
    ...conversationTurnedIf(isReplyOf(home)),
    service: service === undefined ? unlogged : constant(service),
  },
});

const smtp: AnyLog = {
  name: 'smtp',
  title: 'Suricata EVE smtp events',
  kind: 'mail',
  fields: {
    ...conversationTurnedIf(isReplyOf([25, 465, 587])),
    service: constant('smtp'),
    helo: name('smtp.helo'),
    sender: name('smtp.mail_from'),
  },
};

/** A response is the server's; a request is the client's, though both may have the port of SIP. */
const isResponse = few(from({ status: code('sip.code') }, ({ status }) => status !== undefined));

const sip: AnyLog = {
  name: 'sip',
  title: 'Suricata EVE sip events',
  kind: 'call',
  fields: {
    ...conversationTurnedIf(isResponse),
    service: constant('sip'),
    method: symbol('sip.method'),
    target: name('sip.uri'),
    status: code('sip.code'),
  },
};

/** A line each. Those without a protocol are carried by another one, or on a port of the moment. */
export const sessionLogs: readonly AnyLog[] = [
  smtp,
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
  sip,
  session('snmp', 'snmp', 161, 162),
  session('quic', 'quic', 443),
  session('ike', 'ike', 500, 4500),
  session('nfs', 'nfs', 2049),
  session('smb', undefined, 445, 139),
  session('krb5', undefined, 88),
  session('dcerpc', undefined, 135),
  session('http2', undefined, 80, 443),
];

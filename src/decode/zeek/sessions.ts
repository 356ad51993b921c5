import { code, constant, name, symbol, unlogged } from '../field.ts';
import { conversation, type ZeekLog, zeekLog } from './zeek-log.ts';

type Transport = 'tcp' | 'udp' | 'as logged' | 'either';

/** A log of one protocol. Few say over what it ran: then only those that run over nothing else are sure. */
function session(
  name: string,
  service: string | undefined,
  transport: Transport,
  hallmark: string,
  foreign?: string,
): ZeekLog {
  const over = transport === 'either' ? unlogged : transport === 'as logged' ? symbol('proto') : constant(transport);
  return zeekLog(
    name,
    'session',
    { hallmark, foreign },
    {
      ...conversation,
      transport: over,
      service: service === undefined ? unlogged : constant(service),
    },
  );
}

/** A line each. Those without a protocol are carried by another one: NTLM by SMB and HTTP, DCE/RPC by SMB. */
export const sessionLogs: readonly ZeekLog[] = [
  zeekLog(
    'smtp',
    'mail',
    { hallmark: 'helo' },
    {
      ...conversation,
      transport: constant('tcp'),
      service: constant('smtp'),
      helo: name('helo'),
      sender: name('mailfrom'),
    },
  ),
  session('ssh', 'ssh', 'tcp', 'kex_alg|auth_attempts'),
  session('ftp', 'ftp', 'tcp', 'reply_code'),
  session('rdp', 'rdp', 'tcp', 'security_protocol'),
  session('rfb', 'vnc', 'tcp', 'authentication_method'),
  session('irc', 'irc', 'tcp', 'nick'),
  session('mysql', 'mysql', 'tcp', 'rows'),
  session('postgresql', 'postgresql', 'tcp', 'frontend_arg'),
  session('redis', 'redis', 'tcp', 'cmd.name'),
  session('socks', 'socks', 'tcp', 'bound_p'),
  session('ldap', 'ldap', 'either', 'diagnostic_message'),
  session('ldap_search', 'ldap', 'either', 'base_object'),
  session('mqtt_connect', 'mqtt', 'tcp', 'proto_name'),
  session('mqtt_publish', 'mqtt', 'tcp', 'retain'),
  session('mqtt_subscribe', 'mqtt', 'tcp', 'granted_qos_level'),
  session('modbus', 'modbus', 'tcp', 'func'),
  session('dnp3', 'dnp3', 'either', 'fc_request'),
  zeekLog(
    'sip',
    'call',
    { hallmark: 'call_id' },
    {
      ...conversation,
      transport: unlogged,
      service: constant('sip'),
      method: symbol('method'),
      target: name('uri'),
      status: code('status_code'),
    },
  ),
  session('snmp', 'snmp', 'udp', 'community'),
  session('radius', 'radius', 'udp', 'framed_addr'),
  session('ntp', 'ntp', 'udp', 'ref_id'),
  session('syslog', 'syslog', 'as logged', 'facility'),
  session('quic', 'quic', 'udp', 'client_initial_dcid'),
  session('kerberos', undefined, 'either', 'forwardable'),
  session('ntlm', undefined, 'tcp', 'domainname'),
  session('dce_rpc', undefined, 'either', 'named_pipe'),
  session('smb_files', undefined, 'tcp', 'action', 'tunnel_type|rule_id'),
  session('smb_mapping', undefined, 'tcp', 'share_type'),
];

import { conn } from './conn.ts';
import { dhcp } from './dhcp.ts';
import { dns } from './dns.ts';
import { http } from './http.ts';
import { mentionLogs } from './mentions.ts';
import { sessionLogs } from './sessions.ts';
import { ssl } from './ssl.ts';
import { weird } from './weird.ts';
import { x509 } from './x509.ts';
import type { ZeekLog } from './zeek-log.ts';

/**
 * Connections that have not ended yet, as scripts write them (RITA's open_conn, Corelight's and others' conn_long): as conn.log
 * has them once they have.
 */
const longConnections: readonly ZeekLog[] = ['open_conn', 'conn_long'].map(name => ({ ...conn, name }));

/**
 * The logs of Zeek's that we read, by the `#path` or `_path` that they carry; of those that carry none the first is taken
 * whose hallmark is there.
 */
export const zeekLogs: readonly ZeekLog[] = [
  conn,
  ...longConnections,
  dns,
  http,
  ssl,
  weird,
  x509,
  dhcp,
  ...sessionLogs,
  ...mentionLogs,
];

/** Each with what a name has to have in it, the longest first. */
const named = [...zeekLogs]
  .sort((one, other) => other.name.length - one.name.length)
  .map(log => ({ log, pattern: new RegExp(`(?:^|[._-])${log.name}(?:[._-]|$)`) }));

/** Which log a file is named after: `SCRANTON_conn.log.gz`, `smb_files.00:00:00-01:00:00.log`. */
export const logNamedIn = (fileName: string): ZeekLog | undefined =>
  named.find(({ pattern }) => pattern.test(fileName))?.log;

import { conn } from './conn.ts';
import { dns } from './dns.ts';
import { http } from './http.ts';
import { mentionLogs } from './mentions.ts';
import { sessionLogs } from './sessions.ts';
import { ssl } from './ssl.ts';
import { weird } from './weird.ts';
import type { ZeekLog } from './zeek-log.ts';

/**
 * The logs of Zeek's that we read, by the `#path` or `_path` that they carry; of those that carry none the first is taken
 * whose hallmark is there.
 */
export const zeekLogs: readonly ZeekLog[] = [conn, dns, http, ssl, weird, ...sessionLogs, ...mentionLogs];

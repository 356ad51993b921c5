import { conn } from './conn.ts';
import { dns } from './dns.ts';
import { http } from './http.ts';
import { ssl } from './ssl.ts';
import { weird } from './weird.ts';
import type { ZeekLog } from './zeek-log.ts';

/** The logs of Zeek's that we read, by the `#path` or `_path` that they carry. */
export const zeekLogs: readonly ZeekLog[] = [conn, dns, http, ssl, weird];

import { symbol } from '../field.ts';
import { jsonReading } from '../json-reading.ts';
import type { AnyLog } from '../log.ts';
import { anomaly } from './anomaly.ts';
import { dhcp } from './dhcp.ts';
import { dns } from './dns.ts';
import { flow } from './flow.ts';
import { http } from './http.ts';
import { mentionLogs } from './mentions.ts';
import { sessionLogs } from './sessions.ts';
import { tls } from './tls.ts';

export const eveLogs: readonly AnyLog[] = [flow, dns, http, tls, anomaly, dhcp, ...sessionLogs, ...mentionLogs];

/** Suricata's EVE: all events in one file, told apart by `event_type`. */
export const openEve = jsonReading({ format: 'suricata-eve', logs: eveLogs, logName: symbol('event_type') });

export const isEveRecord = (record: Readonly<Record<string, unknown>>): boolean =>
  typeof record.event_type === 'string' && typeof record.timestamp === 'string';

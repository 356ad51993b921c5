import { jsonReading } from '../json-reading.ts';
import type { AnyLog } from '../log.ts';
import { isObject, isText, type Json } from '../record.ts';
import { logName } from './record.ts';
import { securityLogs } from './security.ts';
import { sysmonLogs } from './sysmon.ts';

export const windowsLogs: readonly AnyLog[] = [...sysmonLogs, ...securityLogs];

/** Windows events as JSON. */
export const openWindows = jsonReading({ format: 'windows-events', logs: windowsLogs, logName });

/** The tools that export them, by how they write a record. */
const dialects: readonly { readonly dialect: string; readonly recognizes: (record: Json) => boolean }[] = [
  {
    dialect: 'flat',
    recognizes: ({ EventID, EventData, SourceName, ProviderName, Channel }) =>
      EventID !== undefined && EventData === undefined && [SourceName, ProviderName, Channel].some(isText),
  },
  {
    dialect: 'winlogbeat 7 or Elastic agent',
    recognizes: ({ winlog }) => isObject(winlog) && winlog.event_id !== undefined,
  },
  {
    dialect: 'winlogbeat 6',
    recognizes: ({ event_id, event_data, source_name }) =>
      event_id !== undefined && (isObject(event_data) || isText(source_name)),
  },
  { dialect: 'evtx_dump', recognizes: ({ Event }) => isObject(Event) && isObject(Event.System) },
];

/** Which tool's form a record has; undefined for what is no Windows event. */
export const windowsDialectOf = (record: Json): string | undefined =>
  dialects.find(({ recognizes }) => recognizes(record))?.dialect;

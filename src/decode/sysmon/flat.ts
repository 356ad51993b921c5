import { boolean, code, endpoint, from, host, name, number, symbol, text, time } from '../field.ts';
import { jsonReading } from '../json-reading.ts';
import type { AnyLog, Log } from '../log.ts';

const byProcess = {
  // Not TimeCreated or @timestamp: flat exports write those in local time and call it Z.
  time: time('UtcTime'),
  // What to look for in the endpoint's log, as a flow's uid is in the sensor's.
  uid: text('ProcessGuid'),
  host: host('Hostname'),
  image: symbol('Image', { meaning: imageOf }),
  processId: number('ProcessId'),
  processGuid: text('ProcessGuid'),
};

const started: Log<'process-start'> = {
  name: 'sysmon-1',
  title: 'Sysmon events 1',
  kind: 'process-start',
  fields: { ...byProcess, commandLine: text('CommandLine'), parentImage: symbol('ParentImage') },
};

/** Source is the end that opened the connection, on whichever machine Sysmon runs (so since 2020). */
const connected: Log<'process-connect'> = {
  name: 'sysmon-3',
  title: 'Sysmon events 3',
  kind: 'process-connect',
  fields: {
    ...byProcess,
    originator: endpoint('SourceIp'),
    originatorPort: number('SourcePort'),
    responder: endpoint('DestinationIp'),
    responderPort: code('DestinationPort'),
    transport: symbol('Protocol'),
    initiated: boolean('Initiated'),
  },
};

const resolved: Log<'process-dns'> = {
  name: 'sysmon-22',
  title: 'Sysmon events 22',
  kind: 'process-dns',
  fields: { ...byProcess, query: name('QueryName') },
};

export const sysmonLogs: readonly AnyLog[] = [started, connected, resolved];

/** Sysmon's events by their number; those of other Windows logs, which exports hold too, by the name of their provider. */
const logName = from(
  { id: symbol('EventID'), provider: symbol('SourceName|ProviderName|Channel') },
  ({ id, provider = 'Sysmon' }) => {
    if (id === undefined) return undefined;
    return provider.includes('Sysmon') ? `sysmon-${id}` : provider;
  },
);

/** Windows events as flat JSON (OTRF's Export-WinEvents, NXLog 2020): the event's fields at top level, most of them strings. */
export const openFlatWindows = jsonReading({ format: 'sysmon-json', logs: sysmonLogs, logName });

export const isFlatWindowsRecord = (record: Readonly<Record<string, unknown>>): boolean =>
  record.EventID !== undefined &&
  record.EventData === undefined &&
  [record.SourceName, record.ProviderName, record.Channel].some(name => typeof name === 'string');

/** Where the kernel driver was too slow to name a process, Sysmon writes this; some exports escape it. */
function imageOf(image: string | undefined): string | undefined {
  return image === undefined || image === '-' || /^(<|&lt;)unknown process(>|&gt;)$/.test(image) ? undefined : image;
}

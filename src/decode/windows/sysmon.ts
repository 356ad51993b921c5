import { readGuid } from '../../value/guid.ts';
import { turnedIf } from '../ends.ts';
import { boolean, endpoint, type Field, from, name, number, party, rareNumber, symbol, text, time } from '../field.ts';
import type { AnyLog, Log } from '../log.ts';
import { messageFields } from './message.ts';
import { computer, data, machine } from './record.ts';

/** NXLog 2019 has only Sysmon's own process in the record (`ProcessID`), and the one that it is about in the text. */
const processId = from({ id: number(data('ProcessId')), message: text('Message') }, ({ id, message }) => {
  const written = id ?? Number(messageFields(message ?? '').get('ProcessId'));
  return Number.isNaN(written) ? undefined : written;
});

const guid = (name: string): Field<string | undefined> =>
  from({ written: text(data(name)) }, ({ written }) => readGuid(written));

const byProcess = {
  // Not TimeCreated or @timestamp: flat exports write those in local time and call it Z.
  time: time(data('UtcTime')),
  // What to look for in the endpoint's log, as a flow's uid is in the sensor's.
  uid: text(data('ProcessGuid')),
  host: machine,
  image: symbol(data('Image'), { meaning: imageOf }),
  processId,
  processGuid: guid('ProcessGuid'),
  user: symbol(data('User'), { meaning: told }),
  account: party(data('User')),
};

const started: Log<'process-start'> = {
  name: 'sysmon-1',
  title: 'Sysmon events 1',
  kind: 'process-start',
  fields: {
    ...byProcess,
    commandLine: text(data('CommandLine')),
    parentImage: symbol(data('ParentImage'), { meaning: imageOf }),
    parentId: rareNumber(data('ParentProcessId')),
    parentGuid: guid('ParentProcessGuid'),
    parentCommandLine: text(data('ParentCommandLine')),
    hashes: text(data('Hashes')),
  },
};

const ended: Log<'process-end'> = {
  name: 'sysmon-5',
  title: 'Sysmon events 5',
  kind: 'process-end',
  fields: byProcess,
};

const initiated = boolean(data('Initiated'));

/**
 * Source is the end that opened the connection, on whichever machine Sysmon runs: so since 2020. Before, it is the end on
 * this machine; then the record names that end by the machine's own name.
 */
const isTurned = from(
  { initiated, sourceName: name(data('SourceHostname')), computer: symbol(computer) },
  ({ initiated, sourceName, computer }) =>
    initiated === false && sourceName !== undefined && sourceName.toLowerCase() === computer?.toLowerCase(),
);

const ends = {
  originator: endpoint(data('SourceIp')),
  originatorPort: number(data('SourcePort')),
  responder: endpoint(data('DestinationIp')),
  responderPort: number(data('DestinationPort')),
};

const connected: Log<'process-connect'> = {
  port: ends.originatorPort.columns[0],
  name: 'sysmon-3',
  title: 'Sysmon events 3',
  kind: 'process-connect',
  fields: {
    ...byProcess,
    ...turnedIf(isTurned, ends),
    transport: symbol(data('Protocol')),
    initiated,
  },
};

const resolved: Log<'process-dns'> = {
  name: 'sysmon-22',
  title: 'Sysmon events 22',
  kind: 'process-dns',
  fields: { ...byProcess, query: name(data('QueryName')), answers: text(data('QueryResults')) },
};

export const sysmonLogs: readonly AnyLog[] = [started, ended, connected, resolved];

function told(value: string | undefined): string | undefined {
  return value === '-' || value === '' ? undefined : value;
}

/** Where the kernel driver was too slow to name a process, Sysmon writes this; some exports escape it. */
function imageOf(image: string | undefined): string | undefined {
  return image === undefined || image === '-' || /^(<|&lt;)unknown process(>|&gt;)$/.test(image) ? undefined : image;
}

import { turnedIf } from '../ends.ts';
import { endpoint, type Field, from, number, symbol, text, time, unlogged } from '../field.ts';
import type { AnyLog, Log } from '../log.ts';
import { transportByNumber } from '../transport.ts';
import { data, machine, written } from './record.ts';

/** What Windows audits itself, where there is no Sysmon: with fewer details, and without identifiers that last. */

const commandLineAudit = {
  enable: 'the group policy "Include command line in process creation events", with which 4688 has CommandLine',
};

/** A number in hexadecimal (`0x1a2c`) or decimal. */
const processId = (name: string): Field<number | undefined> =>
  from({ id: text(data(name)) }, ({ id }) => (id === undefined || Number.isNaN(Number(id)) ? undefined : Number(id)));

interface Account {
  readonly name: string | undefined;
  readonly domain: string | undefined;
}

const userOf = ({ name, domain }: Account): string | undefined =>
  name === undefined || name === '-' ? undefined : `${domain ?? ''}\\${name}`;

const started: Log<'process-start'> = {
  name: 'security-4688',
  title: 'Windows Security events 4688',
  kind: 'process-start',
  fields: {
    time: time(written),
    uid: text(data('NewProcessId')),
    host: machine,
    image: symbol(data('NewProcessName')),
    processId: processId('NewProcessId'),
    processGuid: unlogged,
    account: unlogged,
    user: from({ name: symbol(data('SubjectUserName')), domain: symbol(data('SubjectDomainName')) }, userOf),
    commandLine: text(data('CommandLine'), commandLineAudit),
    parentImage: symbol(data('ParentProcessName')),
    parentId: processId('ProcessId'),
    parentGuid: unlogged,
    parentCommandLine: unlogged,
    hashes: unlogged,
  },
};

/** Of the Windows Filtering Platform: `%%14592` is inbound, `%%14593` outbound. */
const isInbound = symbol(data('Direction'), {
  meaning: direction => (direction === undefined ? undefined : /14592|inbound/i.test(direction)),
});

/** Source is the end on this machine, whoever opened the connection. */
const ends = {
  originator: endpoint(data('SourceAddress')),
  originatorPort: number(data('SourcePort')),
  responder: endpoint(data('DestAddress')),
  responderPort: number(data('DestPort')),
};

const connected: Log<'process-connect'> = {
  port: ends.originatorPort.columns[0],
  name: 'security-5156',
  title: 'Windows Security events 5156',
  kind: 'process-connect',
  fields: {
    time: time(written),
    uid: text(data('ProcessID')),
    host: machine,
    image: symbol(data('Application'), { meaning: image => (image === '-' ? undefined : image) }),
    processId: processId('ProcessID'),
    processGuid: unlogged,
    user: unlogged,
    account: unlogged,
    ...turnedIf(isInbound, ends),
    transport: symbol(data('Protocol'), {
      meaning: protocol => transportByNumber.get(protocol ?? '') ?? protocol?.toLowerCase(),
    }),
    initiated: from({ isInbound }, ({ isInbound }) => (isInbound === undefined ? undefined : !isInbound)),
  },
};

export const securityLogs: readonly AnyLog[] = [started, connected];

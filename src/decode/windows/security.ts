import { endpoint, type Field, few, from, number, symbol, text, time, unlogged } from '../field.ts';
import type { AnyLog, Log } from '../log.ts';
import { data, machine, written } from './record.ts';

/** What Windows audits itself, where there is no Sysmon: with fewer details, and without identifiers that last. */

const commandLineAudit = {
  enable: 'the group policy "Include command line in process creation events", with which 4688 has CommandLine',
};

/** A number in hexadecimal (`0x1a2c`) or decimal. */
const processId = (name: string): Field<number | undefined> =>
  from({ id: text(data(name)) }, ({ id }) => (id === undefined || Number.isNaN(Number(id)) ? undefined : Number(id)));

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
    commandLine: text(data('CommandLine'), commandLineAudit),
    parentImage: symbol(data('ParentProcessName')),
  },
};

/** Of the Windows Filtering Platform: `%%14592` is inbound, `%%14593` outbound. */
const isInbound = symbol(data('Direction'), {
  meaning: direction => (direction === undefined ? undefined : /14592|inbound/i.test(direction)),
});

/** Source is the end on this machine, whoever opened the connection. */
const here = endpoint(data('SourceAddress'));
const there = endpoint(data('DestAddress'));
const herePort = number(data('SourcePort'));
const therePort = number(data('DestPort'));

const turned = <Value>(whenInbound: Field<Value>, otherwise: Field<Value>): Field<Value> =>
  from({ isInbound, whenInbound, otherwise }, parts => (parts.isInbound ? parts.whenInbound : parts.otherwise), {
    tellers: ['whenInbound', 'otherwise'],
  });

/** The IANA protocol numbers. */
const transports: ReadonlyMap<string | undefined, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmp'],
]);

const connected: Log<'process-connect'> = {
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
    originator: turned(there, here),
    originatorPort: turned(therePort, herePort),
    responder: turned(here, there),
    responderPort: few(turned(herePort, therePort)),
    transport: symbol(data('Protocol'), { meaning: protocol => transports.get(protocol) ?? protocol?.toLowerCase() }),
    initiated: from({ isInbound }, ({ isInbound }) => (isInbound === undefined ? undefined : !isInbound)),
  },
};

export const securityLogs: readonly AnyLog[] = [started, connected];

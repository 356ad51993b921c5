import { MONDAY } from './logs.ts';

/** Small Sysmon exports for tests, in the flat form. */

const utc = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('T', ' ').replace('Z', '');

interface Common {
  /** Seconds after Monday's midnight, by the machine's clock. */
  readonly at?: number;
  readonly machine?: string;
  readonly image?: string;
  readonly pid?: number;
  /** The last group of the ProcessGuid, or the whole one; '' for zeros. */
  readonly guid?: string;
  readonly user?: string;
}

const guidOf = (guid: string): string => {
  if (guid === '') return '{00000000-0000-0000-0000-000000000000}';
  return guid.includes('-') ? guid : `{5c0de7b1-0fa0-6950-0000-${guid.padStart(12, '0')}}`;
};

const common = (
  id: number,
  { at = 0, machine = 'WS5.corp.example', image = 'C:\\Tools\\a.exe', pid = 4711, guid = '1', user }: Common,
) => ({
  EventID: id,
  SourceName: 'Microsoft-Windows-Sysmon',
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  Hostname: machine,
  UtcTime: utc(MONDAY + at),
  ProcessGuid: guidOf(guid),
  ProcessId: String(pid),
  Image: image,
  ...(user !== undefined && { User: user }),
});

interface Start extends Common {
  readonly commandLine?: string;
  readonly parent?: { readonly image: string; readonly pid?: number; readonly guid?: string; readonly line?: string };
}

/** Event 1. */
export const started = ({ commandLine = 'a.exe', parent, ...rest }: Start) => ({
  ...common(1, rest),
  CommandLine: commandLine,
  ...(parent && {
    ParentImage: parent.image,
    ParentProcessId: String(parent.pid ?? 1),
    ParentProcessGuid: guidOf(parent.guid ?? ''),
    ParentCommandLine: parent.line ?? parent.image,
  }),
});

/** Event 5. */
export const ended = (rest: Common) => common(5, rest);

interface Connection extends Common {
  readonly from?: string;
  readonly fromPort: number;
  readonly to?: string;
  readonly port?: number;
  readonly proto?: string;
  readonly initiated?: boolean;
}

/** Event 3. */
export const connected = ({
  from = '10.1.0.5',
  fromPort,
  to = '198.51.100.7',
  port = 443,
  proto = 'tcp',
  initiated = true,
  ...rest
}: Connection) => ({
  ...common(3, rest),
  Protocol: proto,
  Initiated: String(initiated),
  SourceIp: from,
  SourcePort: String(fromPort),
  DestinationIp: to,
  DestinationPort: String(port),
});

/** Event 22. */
export const asked = ({ query, answers, ...rest }: Common & { readonly query: string; readonly answers: string }) => ({
  ...common(22, rest),
  QueryName: query,
  QueryStatus: '0',
  QueryResults: answers,
});

import { messageFields } from './message.ts';
import type { FlatEvent } from './xml.ts';

/** An event as PowerShell's `Get-WinEvent` shows it, whose fields stand only in the text for people. */
export interface ShownEvent {
  readonly Id?: unknown;
  readonly ProviderName?: unknown;
  readonly LogName?: unknown;
  readonly MachineName?: unknown;
  readonly Message?: unknown;
}

/** What Sysmon's events are read for. */
const wanted: ReadonlySet<string> = new Set([
  ...['UtcTime', 'ProcessGuid', 'ProcessId', 'Image', 'CommandLine', 'User', 'Hashes'],
  ...['ParentImage', 'ParentProcessGuid', 'ParentProcessId', 'ParentCommandLine'],
  ...['Protocol', 'Initiated', 'SourceIp', 'SourceHostname', 'SourcePort', 'DestinationIp', 'DestinationPort'],
  ...['QueryName', 'QueryResults'],
]);

/** Its `ProcessId` is that of the service that wrote it, and its `TimeCreated` is local, which is all that is taken of it. */
export function flatShownEvent({ Id, ProviderName, LogName, MachineName, Message }: ShownEvent): FlatEvent {
  const fields = messageFields(String(Message ?? ''));
  return {
    ...Object.fromEntries([...fields].filter(([name]) => wanted.has(name))),
    EventID: String(Id),
    ProviderName: String(ProviderName ?? ''),
    Channel: String(LogName ?? ''),
    Hostname: String(MachineName ?? ''),
    TimeCreated: 'local',
  };
}

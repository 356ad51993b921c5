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

/** Its `ProcessId` is that of the service that wrote it, and its `TimeCreated` is local: neither is taken. */
export function flatShownEvent({ Id, ProviderName, LogName, MachineName, Message }: ShownEvent): FlatEvent {
  const fields = messageFields(String(Message ?? ''));
  return {
    ...Object.fromEntries(fields),
    EventID: String(Id),
    ProviderName: String(ProviderName ?? ''),
    Channel: String(LogName ?? ''),
    Hostname: String(MachineName ?? ''),
  };
}

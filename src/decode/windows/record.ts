import type { PlanColumn } from '../../kernel/plan.ts';
import { from, hasText, host, symbol } from '../field.ts';

/**
 * How exports of Windows events write one record: flat (OTRF's Export-WinEvents, NXLog), as winlogbeat 6, as winlogbeat 7
 * and the Elastic agent, as evtx_dump. What is not JSON, or holds the event in a text, is told again in the flat form.
 */

/** What the event itself says: `UtcTime`, `Image`. */
export const data = (name: string): PlanColumn['paths'] => [
  [name],
  ['winlog', 'event_data', name],
  ['event_data', name],
  ['Event', 'EventData', name],
];

const eventId = symbol([
  ['EventID'],
  ['winlog', 'event_id'],
  ['event_id'],
  ['Event', 'System', 'EventID', '#text'],
  ['Event', 'System', 'EventID'],
]);

/** Who wrote it; where an export leaves that out, in which of Windows' own logs it stood. */
const provider = symbol([
  ['SourceName'],
  ['ProviderName'],
  ['winlog', 'provider_name'],
  ['source_name'],
  ['Event', 'System', 'Provider', '#attributes', 'Name'],
  ['Channel'],
  ['winlog', 'channel'],
  ['log_name'],
  ['Event', 'System', 'Channel'],
]);

/** The machine that the event happened on. Elsewhere in the record (`host.name`) stands the one that collected it. */
export const computer: PlanColumn['paths'] = [
  ['Hostname'],
  ['winlog', 'computer_name'],
  ['computer_name'],
  ['Event', 'System', 'Computer'],
];

export const machine = host(computer);

/**
 * When the record was written, in UTC. Flat exports by Export-WinEvents have `TimeCreated` too, the same as
 * `@timestamp`: both are local time, called Z.
 */
export const written: PlanColumn['paths'] = [
  ['SystemTime'],
  ['Event', 'System', 'TimeCreated', '#attributes', 'SystemTime'],
  ['@timestamp'],
];

const isWithoutZone = hasText('TimeCreated');

/** The log of an event: `sysmon-3`, `security-4688`; of other providers their name, because nobody reads those. */
export const logName = from({ id: eventId, provider, isWithoutZone }, ({ id, provider = 'Sysmon', isWithoutZone }) => {
  if (id === undefined) return undefined;
  if (provider.includes('Sysmon')) return `sysmon-${id}`;
  if (!/^(Microsoft-Windows-)?Security(-Auditing)?$/.test(provider)) return provider;
  return isWithoutZone ? 'Windows Security events whose times are local' : `security-${id}`;
});

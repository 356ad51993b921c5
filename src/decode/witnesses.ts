import type { EventKind } from '../event/event.ts';
import { type AnyLog, fieldsOf } from './log.ts';
import { eveLogs } from './suricata/eve.ts';
import { windowsLogs } from './windows/windows.ts';
import { zeekLogs } from './zeek/logs.ts';

const logs: readonly AnyLog[] = [...zeekLogs, ...eveLogs, ...windowsLogs];

/** The logs that can tell these fields of a kind of event, whatever settings that takes, as their users call them. */
export const witnessesOf = (kind: EventKind, fields: readonly string[]): readonly string[] => [
  ...new Set(
    logs.filter(log => log.kind === kind && fields.every(field => canTell(log, field))).map(({ title }) => title),
  ),
];

const canTell = (log: AnyLog, field: string): boolean =>
  fieldsOf(log).some(([name, { logged }]) => name === field && logged !== 'never');

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

/** How one log tells what a rule needs to know of its events. */
export interface Telling {
  /** As its users call it. */
  readonly log: string;
  /** The columns that it takes, as the sensor spells them. */
  readonly columns: readonly string[];
  /** The settings that make the sensor write them. */
  readonly enable: readonly string[];
}

/** Every log that can tell these fields of a kind of event, and how. */
export const tellingsOf = (kind: EventKind, fields: readonly string[]): readonly Telling[] =>
  logs
    .filter(log => log.kind === kind && fields.every(field => canTell(log, field)))
    .map(log => {
      const told = fieldsOf(log).flatMap(([name, field]) => (fields.includes(name) ? [field] : []));
      return {
        log: log.title,
        columns: [...new Set(told.flatMap(({ tellers }) => tellers.map(({ paths }) => paths[0]?.join('.') ?? '')))],
        enable: [...new Set(told.flatMap(({ logged }) => (typeof logged === 'object' ? [logged.enable] : [])))],
      };
    });

/** Which sensor writes a log of that name; where several do, the one that gives flows such identifiers: Suricata's are numbers. */
export function sensorOf(log: string, uid?: string): 'Zeek' | 'Suricata' | undefined {
  const isZeeks = zeekLogs.some(({ name }) => name === log);
  const isSuricatas = eveLogs.some(({ name }) => name === log);
  if (isZeeks && isSuricatas && uid !== undefined) return /^\d+$/.test(uid) ? 'Suricata' : 'Zeek';
  if (isZeeks === isSuricatas) return undefined;
  return isZeeks ? 'Zeek' : 'Suricata';
}

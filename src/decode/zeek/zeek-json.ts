import type { PlanColumn } from '../../kernel/plan.ts';
import { constant, firstOf, from, hasText, moment, symbol } from '../field.ts';
import { jsonReading } from '../json-reading.ts';
import { logNamedIn, zeekLogs } from './logs.ts';
import { dotted } from './zeek-log.ts';

const keysOf = (fields: string): PlanColumn['paths'] => fields.split('|').flatMap(dotted);

/** The first log whose hallmark the record has. */
const marked = firstOf(
  ...zeekLogs.map(({ name, hallmark, foreign }) =>
    from(
      { has: hasText(keysOf(hallmark)), isForeign: foreign === undefined ? constant(false) : hasText(keysOf(foreign)) },
      ({ has, isForeign }) => (has && !isForeign ? name : undefined),
    ),
  ),
);

/** Without a name only what has Zeek's time is Zeek's: other sensors have fields of the same names. */
const unnamed = from({ ts: moment('ts'), marked }, ({ ts, marked }) =>
  ts === undefined ? undefined : (marked ?? UNKNOWN),
);

const logName = firstOf(symbol('_path|@stream'), unnamed);

/** A record that has Zeek's time but is of no log that we read. */
const UNKNOWN = 'Zeek records of an unknown log';

/**
 * Zeek's JSON: the log's name in `_path` (json-streaming-logs) or `@stream` (Corelight, SOF-ELK); plain Zeek names
 * nothing, so a field that only one log has must do.
 */
export const openZeekJson = jsonReading({
  ...{ format: 'zeek-json', logs: zeekLogs, logName },
  unknown: { name: UNKNOWN, nameBy: fileName => logNamedIn(fileName)?.name },
});

/** Who wrote it, by how it names its log and the ends of a connection. */
export function zeekDialectOf(record: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof record['@stream'] === 'string') return 'with @stream';
  if (typeof record._path === 'string') return record._system_name === undefined ? 'streaming' : 'Corelight';
  return undefined;
}

export const isZeekRecord = (record: Readonly<Record<string, unknown>>): boolean =>
  typeof record._path === 'string' ||
  typeof record['@stream'] === 'string' ||
  (record.ts !== undefined &&
    [
      'uid',
      'uids',
      'port_num',
      'software_type',
      'id.orig_h',
      'id_orig_h',
      'id',
      'fuid',
      'fingerprint',
      'notice',
      'peer',
    ].some(key => key in record));

import { constant, from, hasText, moment, symbol } from '../field.ts';
import { jsonReading } from '../json-reading.ts';
import { zeekLogs } from './logs.ts';

/** The log whose hallmark this record has. */
const marked = from(
  Object.fromEntries(
    zeekLogs.map(({ name, hallmark, foreign }) => [
      name,
      from(
        { has: hasText(hallmark), isForeign: foreign === undefined ? constant(false) : hasText(foreign) },
        parts => parts.has && !parts.isForeign,
      ),
    ]),
  ),
  marks => zeekLogs.map(({ name }) => name).find(name => marks[name]),
);

const logName = from({ path: symbol('_path|@stream'), ts: moment('ts'), marked }, parts => {
  return parts.path ?? parts.marked ?? (parts.ts === undefined ? undefined : unnamed);
});

/** A record that has Zeek's time but is of no log that we read. */
const unnamed = 'Zeek records of an unknown log';

/**
 * Zeek's JSON: the log's name in `_path` (json-streaming-logs) or `@stream` (Corelight, SOF-ELK); plain Zeek names
 * nothing, so a field that only one log has must do.
 */
export const openZeekJson = jsonReading({ format: 'zeek-json', logs: zeekLogs, logName });

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
    ['uid', 'id.orig_h', 'id_orig_h', 'id', 'fuid', 'fingerprint', 'notice', 'peer'].some(key => key in record));

/**
 * A moment: whole microseconds since 1970-01-01 UTC, exact in a double until the year 2255.
 * Zeek writes six decimals, Suricata six, Sysmon three; Windows writes seven to nine, which we cut.
 */
export type Micros = number;

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const EPOCH = /^(\d{1,14})(?:\.(\d{1,9}))?$/;

/** From here on a number counts milliseconds (Zeek's JSON::TS_MILLIS): as seconds it would be the year 5138. */
const FIRST_MILLIS = 1e11;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Times that a log can have: after 1970 began and before 2100. What lies outside is a clock that was never set, a unit
 * that is not ours (FILETIME), or a stranger's joke.
 */
const LATEST: Micros = 4_102_444_800 * SECOND;

const plausible = (time: Micros): Micros | undefined => (time > 0 && time < LATEST ? time : undefined);

/**
 * Seconds since 1970 with decimals, milliseconds, or ISO 8601 with any offset. A time without an offset is UTC, as Sysmon's
 * `UtcTime` is.
 */
export function readTime(text: string): Micros | undefined {
  const epoch = EPOCH.exec(text);
  if (!epoch) return readIsoTime(text);
  const [, whole = '', decimals = ''] = epoch;
  const count = Number(whole);
  return count < FIRST_MILLIS ? plausible(count * SECOND + microsIn(decimals)) : plausible(count * 1000);
}

/** A JSON number of seconds; the double's error is a quarter of a microsecond at most, so rounding gives back what was written. */
export const timeOfSeconds = (seconds: number): Micros | undefined =>
  plausible(seconds < FIRST_MILLIS ? Math.round(seconds * SECOND) : Math.floor(seconds) * 1000);

function readIsoTime(text: string): Micros | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', decimals = '', offset = 'Z'] = match;
  const millis = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  // Date.UTC lets the 31st of a short month, or the 13th month, roll over into the next.
  const date = new Date(millis);
  const isRealDate = date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1;
  if (!isRealDate || Number(hour) > 23 || Number(minute) > 59) return undefined;
  return plausible(millis * 1000 + microsIn(decimals) - offsetMicros(offset));
}

const microsIn = (decimals: string): number => Number(decimals.padEnd(6, '0').slice(0, 6));

function offsetMicros(offset: string): number {
  if (offset === 'Z') return 0;
  const size = Number(offset.slice(1, 3)) * HOUR + Number(offset.slice(-2)) * MINUTE;
  return offset.startsWith('-') ? -size : size;
}

/** ISO 8601 in UTC with milliseconds: the precision of ECS `date`. */
export const isoTime = (time: Micros): string => new Date(Math.floor(time / 1000)).toISOString();

/** When the stretch of time began that a time lies in, of stretches that follow each other. */
export const beginningOf = (time: Micros, length: Micros): Micros => Math.floor(time / length) * length;

/** The day of such a time. */
export const dayText = (isoTime: string): string => isoTime.slice(0, 10);

/** Such a time as people read it, to the minute. */
export const minuteText = (isoTime: string): string => isoTime.slice(0, 16).replace('T', ' ');

/** The number of the UTC day that a moment is in. */
export const dayOf = (time: Micros): number => Math.floor(time / DAY);

/** The first moment of a UTC day. */
export const startOfDay = (day: number): Micros => day * DAY;

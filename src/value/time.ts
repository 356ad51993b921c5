/**
 * A moment: whole microseconds since 1970-01-01 UTC, exact in a double until the year 2255.
 * Zeek writes six decimals, Suricata six, Sysmon three; Windows writes seven to nine, which we cut.
 */
export type Micros = number;

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const EPOCH = /^(-?\d{1,11})(?:\.(\d{1,9}))?$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Seconds since 1970 with decimals, or ISO 8601 with any offset. A time without an offset is UTC, as Sysmon's `UtcTime` is. */
export function readTime(text: string): Micros | undefined {
  const epoch = EPOCH.exec(text);
  if (epoch) {
    const [, seconds = '', decimals = ''] = epoch;
    const micros = Number(decimals.padEnd(6, '0').slice(0, 6));
    return Number(seconds) * SECOND + (seconds.startsWith('-') ? -micros : micros);
  }
  return readIsoTime(text);
}

function readIsoTime(text: string): Micros | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', decimals = '', offset = 'Z'] = match;
  const millis = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const isRealDate = new Date(millis).getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60;
  if (!isRealDate) return undefined;
  return millis * 1000 + Number(decimals.padEnd(6, '0').slice(0, 6)) - offsetMicros(offset);
}

function offsetMicros(offset: string): number {
  if (offset === 'Z') return 0;
  const size = Number(offset.slice(1, 3)) * HOUR + Number(offset.slice(-2)) * MINUTE;
  return offset.startsWith('-') ? -size : size;
}

/** A JSON number of seconds; the double's error is a quarter of a microsecond at most, so rounding gives back what was written. */
export const timeOfSeconds = (seconds: number): Micros => Math.round(seconds * SECOND);

/** ISO 8601 in UTC with milliseconds: the precision of ECS `date`. */
export const isoTime = (time: Micros): string => new Date(Math.floor(time / 1000)).toISOString();

/** The number of the UTC day that a moment is in. */
export const dayOf = (time: Micros): number => Math.floor(time / DAY);

/** The first moment of a UTC day. */
export const startOfDay = (day: number): Micros => day * DAY;

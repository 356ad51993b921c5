import { DAY, HOUR, MINUTE, type Micros, SECOND } from './time.ts';

const units = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
] as const;

const DURATION = /^(\d+(?:\.\d+)?)(d|h|m|s)$/;

/** `90s`, `10m`, `1.5h`, `14d` as microseconds; a bare number has no unit and is refused. */
export function readDuration(text: string): Micros | undefined {
  const match = DURATION.exec(text.trim());
  const unit = units.find(([name]) => name === match?.[2]);
  return match && unit ? Math.round(Number(match[1]) * unit[1]) : undefined;
}

/** The largest unit that leaves at least one, with one decimal where it is not whole: `38m`, `9.7h`, `7d`. */
export function durationText(duration: Micros): string {
  const [name, size] = units.find(([, size]) => duration >= size) ?? (['s', SECOND] as const);
  return `${Math.round((duration / size) * 10) / 10}${name}`;
}

/** By how many seconds a clock is wrong, as people say it: `5.6d behind`, `3m ahead`. */
export const aheadText = (seconds: number): string =>
  `${durationText(Math.abs(seconds) * SECOND)} ${seconds > 0 ? 'ahead' : 'behind'}`;

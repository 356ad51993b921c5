import { BACKSLASH, COLON, DOT, MINUS } from './state';

/** Readers of single values. Each says by `isSure` whether its answer is exactly what the slow path would give. */

export let isSure: bool = true;

function unsure(): f64 {
  isSure = false;
  return NaN;
}

/** So many decimal digits fit into a double, and so does their quotient by a power of ten, rounded once (Clinger 1990). */
const EXACT_DIGITS: u32 = 15;

/** A decimal number without exponent. */
export function readNumber(start: usize, end: usize): f64 {
  isSure = true;
  if (end - start <= 8 && areDigits(start, end - start)) return <f64>digitsAt(start, end - start);
  let from = start;
  const isNegative = load<u8>(from) === MINUS;
  if (isNegative) from++;
  if (end <= from || end - from > EXACT_DIGITS + 1) return unsure();
  let digits: u64 = 0;
  let scale: f64 = 1;
  let hasDot = false;
  for (let i = from; i < end; i++) {
    const byte = <u32>load<u8>(i);
    const digit = byte - 48;
    if (digit < 10) {
      digits = digits * 10 + <u64>digit;
      if (hasDot) scale *= 10;
    } else if (byte === DOT && !hasDot && i > from && i + 1 < end) hasDot = true;
    else return unsure();
  }
  if (!hasDot && end - from > EXACT_DIGITS) return unsure();
  const value = <f64>digits / scale;
  return isNegative ? -value : value;
}

/**
 * Whether so many bytes, one to eight, are decimal digits: all eight of a word are asked at once, those that are missing
 * made zeros before the others.
 */
function areDigits(start: usize, length: usize): bool {
  const word = wordOf(start, length);
  const high: u64 = 0xf0f0f0f0f0f0f0f0;
  return length > 0 && ((word & high) | (((word + 0x0606060606060606) & high) >> 4)) === 0x3333333333333333;
}

/** The number that one to eight digits are: pairs of neighbours, then pairs of pairs, then both halves (Lemire 2018). */
function digitsAt(start: usize, length: usize): u64 {
  const digits = wordOf(start, length) - 0x3030303030303030;
  const pairs = digits * 10 + (digits >> 8);
  const mask: u64 = 0x000000ff000000ff;
  return ((pairs & mask) * 0x000f424000000064 + ((pairs >> 16) & mask) * 0x0000271000000001) >> 32;
}

/** One to eight bytes as the last ones of a word that begins with zeros, as text. */
function wordOf(start: usize, length: usize): u64 {
  const missing = (<u64>(8 - length)) << 3;
  return (load<u64>(start) << missing) | (0x3030303030303030 & (((<u64>1) << missing) - 1));
}

/** After 1970 began and before 2100, as in `value/time.ts`. */
const LATEST: u64 = 4_102_444_800_000_000;

function plausible(micros: u64): f64 {
  return micros > 0 && micros < LATEST ? <f64>micros : NaN;
}

/** From here on a number counts milliseconds, as in `value/time.ts`. */
const FIRST_MILLIS: u64 = 100_000_000_000;

/** Seconds since 1970 with at most six decimals, or whole milliseconds. */
export function readEpoch(start: usize, end: usize): f64 {
  isSure = true;
  // As nearly all are: ten digits, a dot, six digits.
  if (end - start === 17 && load<u8>(start + 10) === DOT && areDigits(start, 8) && areDigits(start + 8, 2)) {
    const seconds = digitsAt(start, 8) * 100 + digitsAt(start + 8, 2);
    if (areDigits(start + 11, 6)) return plausible(seconds * 1_000_000 + digitsAt(start + 11, 6));
  }
  let seconds: u64 = 0;
  let from = start;
  while (from < end && isDigit(from)) seconds = seconds * 10 + <u64>digitAt(from++);
  if (from === start || from - start > 14) return unsure();
  if (seconds >= FIRST_MILLIS) return from === end ? plausible(seconds * 1000) : unsure();
  if (from === end) return plausible(seconds * 1_000_000);
  if (load<u8>(from) !== DOT) return unsure();
  const micros = fraction(from + 1, end);
  return micros < 0 ? unsure() : plausible(seconds * 1_000_000 + <u64>micros);
}

/** One to six decimals as millionths; -1 for anything else. */
function fraction(start: usize, end: usize): i64 {
  const count = end - start;
  if (end <= start || count > 6) return -1;
  let value: i64 = 0;
  for (let i = start; i < end; i++) {
    if (!isDigit(i)) return -1;
    value = value * 10 + <i64>digitAt(i);
  }
  for (let i = count; i < 6; i++) value *= 10;
  return value;
}

/**
 * The minute that was read last, with its offset, as its bytes stand and in microseconds: a log is full of times that
 * follow one another.
 */
let lastMinute: i64 = 0;
let lastLow: u64 = 0;
let lastHigh: u64 = 0;
let lastOffset: u64 = 0;
/** How long a time is with its six decimals, before the offset. */
const WITHOUT_OFFSET: usize = 26;

/** What stands behind the decimals: up to six bytes, and how many they are. */
function offsetWord(start: usize, end: usize): u64 {
  const length = end - start - WITHOUT_OFFSET;
  if (length === 0) return 0;
  return (load<u64>(start, WITHOUT_OFFSET) & (((<u64>1) << (length << 3)) - 1)) | ((<u64>length) << 56);
}

/** Only the seconds are to be read, where they have six decimals and the rest is as it was the last time; -1 elsewhere. */
function inMinute(start: usize, end: usize): i64 {
  if (end - start < WITHOUT_OFFSET || end - start > WITHOUT_OFFSET + 6) return -1;
  if (load<u64>(start) !== lastLow || load<u64>(start, 8) !== lastHigh) return -1;
  if (offsetWord(start, end) !== lastOffset) return -1;
  const second = twoDigits(start + 17);
  if (second > 59 || load<u8>(start + 16) !== COLON || load<u8>(start + 19) !== DOT || !areDigits(start + 20, 6))
    return -1;
  return lastMinute + <i64>second * 1_000_000 + <i64>digitsAt(start + 20, 6);
}

/** `2026-01-05T08:00:09.123456+0100`, the blank instead of the T, fewer decimals or none, `Z` or no offset: UTC. */
export function readIso(start: usize, end: usize): f64 {
  isSure = true;
  const known = inMinute(start, end);
  if (known > 0) return plausible(<u64>known);
  if (end - start < 19) return unsure();
  const separator = load<u8>(start + 10);
  const hasForm =
    load<u8>(start + 4) === MINUS &&
    load<u8>(start + 7) === MINUS &&
    (separator === 84 || separator === 32) &&
    load<u8>(start + 13) === COLON &&
    load<u8>(start + 16) === COLON;
  if (!hasForm) return unsure();
  const century = twoDigits(start);
  const year = century * 100 + twoDigits(start + 2);
  const month = twoDigits(start + 5);
  const day = twoDigits(start + 8);
  const hour = twoDigits(start + 11);
  const minute = twoDigits(start + 14);
  const second = twoDigits(start + 17);
  const isReal =
    century >= 19 &&
    century < 100 &&
    year < 2200 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(month, year) &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isReal) return unsure();

  let from = start + 19;
  let micros: i64 = 0;
  if (from < end && load<u8>(from) === DOT) {
    let to = from + 1;
    while (to < end && isDigit(to)) to++;
    micros = fraction(from + 1, to);
    if (micros < 0) return unsure();
    from = to;
  }
  const offset = offsetMinutes(from, end);
  if (offset === NO_OFFSET) return unsure();
  const seconds =
    daysSince1970(year, month, day) * 86400 + <i64>(hour * 3600 + minute * 60 + second) - <i64>offset * 60;
  const total = seconds * 1_000_000 + micros;
  // With six decimals the offset begins there, and nowhere else.
  if (from === start + WITHOUT_OFFSET && end - from <= 6) {
    lastMinute = (seconds - <i64>second) * 1_000_000;
    lastLow = load<u64>(start);
    lastHigh = load<u64>(start, 8);
    lastOffset = offsetWord(start, end);
  }
  return total > 0 ? plausible(<u64>total) : NaN;
}

const NO_OFFSET: i32 = i32.MIN_VALUE;

/** The minutes east of UTC that `Z`, `+0100`, `+01:00` or nothing stand for. */
function offsetMinutes(start: usize, end: usize): i32 {
  const length = end - start;
  if (length === 0) return 0;
  const sign = load<u8>(start);
  if (length === 1) return sign === 90 ? 0 : NO_OFFSET;
  if (sign !== 43 && sign !== MINUS) return NO_OFFSET;
  if (length !== 5 && !(length === 6 && load<u8>(start + 3) === COLON)) return NO_OFFSET;
  const hours = twoDigits(start + 1);
  const minutes = twoDigits(end - 2);
  if (hours > 99 || minutes > 99) return NO_OFFSET;
  const size = <i32>(hours * 60 + minutes);
  return sign === MINUS ? -size : size;
}

/** Two digits, or a number far above 99. */
function twoDigits(start: usize): u32 {
  const tens = digitAt(start);
  const ones = digitAt(start + 1);
  return tens < 10 && ones < 10 ? tens * 10 + ones : 1000;
}

function daysOf(month: u32, year: u32): u32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Counted in years that begin in March, so that the leap day comes last (Hinnant, "chrono-compatible low-level date algorithms"). */
function daysSince1970(year: u32, month: u32, day: u32): i64 {
  const years = <i64>year - (month <= 2 ? 1 : 0);
  const era = years / 400;
  const ofEra = years - era * 400;
  const ofYear = (153 * (<i64>month + (month > 2 ? -3 : 9)) + 2) / 5 + <i64>day - 1;
  return era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719468;
}

/** Dotted quad of four numbers 0 to 255 without leading zeros as its bits; -1 for anything else. */
export function readIPv4(start: usize, end: usize): f64 {
  if (end - start > 15) return -1;
  let address: u32 = 0;
  let octet: u32 = 0;
  let digits: u32 = 0;
  let dots: u32 = 0;
  for (let i = start; i < end; i++) {
    const byte = <u32>load<u8>(i);
    const digit = byte - 48;
    if (digit < 10) {
      if (digits > 0 && octet === 0) return -1;
      octet = octet * 10 + digit;
      if (octet > 255) return -1;
      digits++;
    } else if (byte === DOT && digits > 0 && dots < 3) {
      address = (address << 8) | octet;
      octet = 0;
      digits = 0;
      dots++;
    } else return -1;
  }
  return dots === 3 && digits > 0 ? <f64>((address << 8) | octet) : -1;
}

export function isDigit(at: usize): bool {
  return digitAt(at) < 10;
}

function digitAt(at: usize): u32 {
  return <u32>load<u8>(at) - 48;
}

export function hasBackslash(start: usize, end: usize): bool {
  for (let i = start; i < end; i++) if (load<u8>(i) === BACKSLASH) return true;
  return false;
}

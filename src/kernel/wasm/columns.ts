import { entryOf, isKnown, VALUE } from './lately';
import { ADDRESS, SYMBOL, TEXT } from './state';
import { intern } from './symbols';
import { readIPv4 } from './values';

/**
 * Where decoded values go: a table of wanted values. A target is where its entry lies: its type, its column, for text
 * where the lengths lie, and another target that wants the same value, or 0.
 */

let targets: usize = 0;

const TARGET: usize = 16;

export function placeTargets(at: usize): void {
  targets = at;
}

export function targetAt(index: u32): usize {
  return targets + <usize>index * TARGET;
}

export function typeOf(target: usize): u32 {
  return load<u32>(target);
}

/** The next one that wants the same value, or 0. */
export function nextOf(target: usize): usize {
  return <usize>load<u32>(target, 12);
}

function columnOf(target: usize): usize {
  return <usize>load<u32>(target, 4);
}

export function putNumber(target: usize, row: u32, value: f64): void {
  store<f64>(columnOf(target) + ((<usize>row) << 3), value);
}

export function putBoolean(target: usize, row: u32, value: u32): void {
  store<u8>(columnOf(target) + <usize>row, <u8>value);
}

/** An absent text has no length at all. */
const NO_TEXT: u32 = 0xffffffff;

export function putText(target: usize, row: u32, start: u32, length: u32): void {
  store<u32>(columnOf(target) + ((<usize>row) << 2), start);
  store<u32>(<usize>load<u32>(target, 8) + ((<usize>row) << 2), length);
}

export function putSymbol(target: usize, row: u32, symbol: u32): void {
  store<u32>(columnOf(target) + ((<usize>row) << 2), symbol);
}

export function putAbsent(target: usize, row: u32): void {
  const type = typeOf(target);
  if (type === TEXT) putText(target, row, 0, NO_TEXT);
  else if (type === SYMBOL) putSymbol(target, row, 0);
  else if (type <= ADDRESS) putNumber(target, row, NaN);
  else putBoolean(target, row, 0);
}

/** Numbers that only the binding can read to the last bit (long decimals, exponents): target, row, first byte, length. */
let odd: usize = 0;
let mostOdd: u32 = 0;
/** How many of them there are. */
export let oddNumbers: u32 = 0;

const ODD: usize = 16;

export function placeOddNumbers(at: usize, most: u32): void {
  odd = at;
  mostOdd = most;
}

export function forgetOddNumbers(): void {
  oddNumbers = 0;
}

/** False where there is no room. */
export function putOddNumber(target: usize, row: u32, start: u32, length: u32): bool {
  if (oddNumbers === mostOdd) return false;
  const entry = odd + <usize>oddNumbers * ODD;
  store<u32>(entry, <u32>((target - targets) / TARGET));
  store<u32>(entry, row, 4);
  store<u32>(entry, start, 8);
  store<u32>(entry, length, 12);
  oddNumbers++;
  return true;
}

/** Whether a column of addresses holds any that are not IPv4: those are the negatives of symbols. */
export let hasNamedAddresses: bool = false;

export function forgetNamedAddresses(): void {
  hasNamedAddresses = false;
}

/** Addresses that were read lately: they repeat, and reading one takes longer than anything else here. */
let readBefore: usize = 0;
let readBeforeMask: u32 = 0;

const LONGEST_IPV4: u32 = 15;

/** The memory must hold nothing but zeros; the number of entries is a power of two. */
export function placeAddresses(at: usize, entries: u32): void {
  readBefore = at;
  readBeforeMask = entries - 1;
}

function addressAt(start: usize, length: u32): f64 {
  if (length === 0 || length > LONGEST_IPV4) return -1;
  const entry = entryOf(readBefore, readBeforeMask, start, length);
  if (isKnown) return load<f64>(entry, VALUE);
  const address = readIPv4(start, start + length);
  store<f64>(entry, address, VALUE);
  return address;
}

/** IPv4 as its bits, anything else by its text, which the binding reads; false where there is no room for it. */
export function putAddress(target: usize, row: u32, start: usize, end: usize): bool {
  const address = addressAt(start, <u32>(end - start));
  if (address >= 0) {
    putNumber(target, row, address);
    return true;
  }
  const symbol = intern(start, <u32>(end - start));
  if (symbol === 0) return false;
  hasNamedAddresses = true;
  putNumber(target, row, -(<f64>symbol));
  return true;
}

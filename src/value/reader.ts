import { readDuration } from './duration.ts';
import { isLevel, type Level } from './level.ts';
import { madeAt } from './made-at.ts';
import { globOf } from './text.ts';
import { MINUTE, type Micros } from './time.ts';

/** Turns outside input into a checked value; `undefined` means that it was not what is expected. */
export interface Reader<Value> {
  /** Ends the sentence "expected …". */
  readonly expects: string;
  readonly fallback: Value;
  read(input: unknown): Value | undefined;
}

/** What a set of readers gives: the type of a detector's options. */
export type ValuesOf<Readers> = {
  readonly [Name in keyof Readers]: Readers[Name] extends Reader<infer Value> ? Value : never;
};

export const duration = (fallback: string): Reader<Micros> => ({
  expects: 'a duration such as 90s, 10m, 12h or 14d',
  fallback: readDuration(fallback) ?? 0,
  read: input => (typeof input === 'string' ? readDuration(input) : undefined),
});

/** A duration that takes some time. */
export const stretch = (fallback: string): Reader<Micros> => ({
  ...duration(fallback),
  expects: 'a duration of at least a minute, such as 10m, 12h or 14d',
  read(input) {
    const length = duration(fallback).read(input);
    return length !== undefined && length >= MINUTE ? length : undefined;
  },
});

interface Range {
  readonly least?: number;
  readonly most?: number;
  /** What is counted, in the plural: bytes, days. */
  readonly unit?: string;
}

export const number = (
  fallback: number,
  { least = 0, most = Number.MAX_SAFE_INTEGER, unit }: Range = {},
): Reader<number> => ({
  expects: `a number${unit === undefined ? '' : ` of ${unit},`} ${most === Number.MAX_SAFE_INTEGER ? `${unit === undefined ? 'of at least' : 'at least'} ${least}` : `from ${least} to ${most}`}`,
  fallback,
  read: input => (typeof input === 'number' && input >= least && input <= most ? input : undefined),
});

export const oneOf = <const Word extends string>(words: readonly Word[], fallback: Word): Reader<Word> => ({
  expects: `one of ${words.join(', ')}`,
  fallback,
  read: input => words.find(word => word === input),
});

/** A list of words; numbers count as words, so that YAML's `1.1` needs no quotes. */
export const words = (fallback: readonly string[] = []): Reader<ReadonlySet<string>> => ({
  expects: 'a list of words',
  fallback: new Set(fallback),
  read: readWords,
});

export const numbers = (fallback: readonly number[] = []): Reader<ReadonlySet<number>> => ({
  expects: 'a list of whole numbers',
  fallback: new Set(fallback),
  read: input => (Array.isArray(input) && input.every(Number.isInteger) ? new Set(input) : undefined),
});

/** A set of ports. */
export interface Ports {
  has(port: number): boolean;
}

/** A list of ports and of ranges such as `6000-6063`. */
export const ports = (): Reader<Ports> => ({
  expects: 'a list of ports (0 to 65535) and ranges such as "6000-6063"',
  fallback: { has: () => false },
  read: readPorts,
});

/** `name: [ports]` pairs. */
export const portsByName = (): Reader<ReadonlyMap<string, Ports>> => ({
  expects: 'names with lists of ports, such as "ssh: [22, 2222]"',
  fallback: new Map(),
  read: input => readByName(input, readPorts),
});

/** `name: [words]` pairs. */
export const wordsByName = (): Reader<ReadonlyMap<string, ReadonlySet<string>>> => ({
  expects: 'names with lists of words',
  fallback: new Map(),
  read: input => readByName(input, readWords),
});

/** `level: [words]` pairs, as the level of each word. */
export const levelByWord = (): Reader<ReadonlyMap<string, Level>> => ({
  expects: 'lists of words under informational, low, medium, high or critical',
  fallback: new Map(),
  read(input) {
    const lists = [...(readByName(input, readWords) ?? [['', new Set<string>()] as const])];
    if (!lists.every(([level]) => isLevel(level))) return undefined;
    return new Map(
      lists.flatMap(([level, words]) => (isLevel(level) ? [...words].map(word => [word, level] as const) : [])),
    );
  },
});

/** `level: [patterns]`: the level of the first pattern that a text is like; each text is looked at once. */
export const levelByPattern = (): Reader<(text: string) => Level | undefined> => ({
  expects: 'lists of patterns, with * for any part, under informational, low, medium, high or critical',
  fallback: () => undefined,
  read(input) {
    const lists = readByName(input, readWords);
    if (!lists || ![...lists.keys()].every(isLevel)) return undefined;
    const patterns = [...lists].flatMap(([level, words]) =>
      isLevel(level) ? [...words].map(word => ({ isLike: globOf(word), level })) : [],
    );
    const known = new Map<string, Level | undefined>();
    return text => madeAt(known, text, () => patterns.find(({ isLike }) => isLike(text))?.level, MOST_KNOWN);
  },
});

/** Strangers can write as many as they like. */
const MOST_KNOWN = 5000;

function readWords(input: unknown): ReadonlySet<string> | undefined {
  const areWords = Array.isArray(input) && input.every(word => typeof word === 'string' || typeof word === 'number');
  return areWords ? new Set(input.map(String)) : undefined;
}

function readPorts(input: unknown): Ports | undefined {
  const ranges = Array.isArray(input) ? input.map(readPortRange) : [undefined];
  if (!ranges.every(range => range !== undefined)) return undefined;
  // Asked for every second line.
  const isListed = new Uint8Array(65536);
  for (const { first, last } of ranges) isListed.fill(1, first, last + 1);
  return { has: port => isListed[port] === 1 };
}

function readPortRange(input: unknown): { first: number; last: number } | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(input)) ?? [];
  const range = { first: Number(first), last: Number(last) };
  return range.first <= range.last && range.last <= 65535 ? range : undefined;
}

function readByName<Value>(
  input: unknown,
  read: (input: unknown) => Value | undefined,
): ReadonlyMap<string, Value> | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  const values = new Map<string, Value>();
  for (const [name, listed] of Object.entries(input)) {
    const value = read(listed);
    if (value === undefined) return undefined;
    values.set(name, value);
  }
  return values;
}

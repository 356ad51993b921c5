import type { Address } from '../value/address.ts';
import type { Distinct } from '../value/distinct.ts';
import type { Level } from '../value/level.ts';
import type { Micros } from '../value/time.ts';

/** Where a raw line stands: what an analyst checks a finding against. */
export interface Reference {
  /** The segment's place in the list of segments. */
  readonly segment: number;
  readonly log: string;
  /** Its number in the segment, from 1. */
  readonly line: number;
  readonly time: Micros;
  readonly uid: string | undefined;
}

/** What a detector saw, in words. */
export interface Sign {
  /** Completes "host → peer: …": a phrase without the parties, that can be checked against the raw line. */
  readonly summary: string;
  /** What exactly, where a rule can see several things: equal aspects of several hosts are one habit. */
  readonly aspect?: string;
  /** It speaks for others that say the same of something else: another name, another certificate. */
  readonly isVaried?: true;
  /** How sure, from 0 to 1; 1 unless something lessens it. */
  readonly confidence?: number;
  /** What was seen plainly, and stands whatever the sensor may have missed. */
  readonly isPlain?: true;
  /** Where one rule's signs differ in weight; else the rule's own level holds. */
  readonly level?: Level;
  /** Whom it is about, where that is not the whole conversation: the other end or the port are left out. */
  readonly about?: 'originator' | 'ends';
  /** It matters only where a host of ours began: the internet knocks at everything all day. */
  readonly isOwnDoing?: true;
  /** Of a sign that only counts in numbers: what is counted, each once, and in which stretch of time, by its beginning. */
  readonly item?: string | Address;
  readonly window?: Micros;
}

/** Who a sign is about. */
export interface Parties {
  readonly originator: Address | undefined;
  readonly responder: Address | undefined;
  readonly port: number | undefined;
  readonly transport: string | undefined;
}

/** A host by itself: nobody else is part of it. */
export const onlyHost = (originator: Address | undefined): Parties => ({
  originator,
  responder: undefined,
  port: undefined,
  transport: undefined,
});

/** A sign, whom it is about, how often it was seen, and the first lines that show it. */
export interface Evidence extends Parties {
  readonly sign: Sign;
  readonly first: Micros;
  readonly last: Micros;
  readonly count: number;
  /** At most ten, the earliest. */
  readonly references: readonly Reference[];
  /** Why it may be no more than what the sensor missed: of the host's traffic, from 0 to 1. */
  readonly doubt?: { readonly lack: string; readonly share: number };
  /** How many different items there were, of a sign that counts in numbers. */
  readonly items?: Distinct | undefined;
  /** An executable, where the sign is about one. */
  readonly process?: string;
  /** The originator is a person whom a program runs for, and no machine. */
  readonly isPerson?: true;
  /** The process accepted what it is about, and did not open it. */
  readonly isAnswering?: true;
  /** The process that it is about, where it is about one: its machine and its identifier there. */
  readonly by?: { readonly machine: string; readonly guid: string | undefined; readonly pid: number | undefined };
  /** Where the sign is that something is new. */
  readonly novelty?: {
    readonly knownSince: Micros;
    readonly chance: number;
    /** What the surprise is worth, from 0 to 1, and the arithmetic behind it in words. */
    readonly surprise: number;
    readonly because: string;
    readonly entities: number;
    readonly of: number;
  };
  /** What the sign sums up, where it stands for many things. */
  readonly list?: readonly string[];
  /** Told of each host apart, however many hosts show the same. */
  readonly standsAlone?: true;
}

/** How many references a piece of evidence, and a finding, keeps. */
export const MOST_REFERENCES = 10;

/** The earliest references; of equal times the one that stands first. So it does not matter in which order they came. */
export const earliest = (references: readonly Reference[]): readonly Reference[] =>
  [...references].sort(inOrder).slice(0, MOST_REFERENCES);

/** By time, and of equal times by place. */
export const inOrder = (one: Reference, other: Reference): number =>
  one.time - other.time || one.segment - other.segment || one.line - other.line;

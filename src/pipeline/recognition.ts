import type { EventCursor } from '../decode/log.ts';
import { ALIGNED_AT, CACHE_LINE } from '../value/alignment.ts';

/** A line of the processor's cache, in words. */
const LINE = CACHE_LINE / 4;

/** So many pairs of entries: 4 MB, where an entry is one line. */
const PAIRS = 1 << 15;

/**
 * What events taught, by what they were like. Most events are like many before them but for their time and their size:
 * those teach the same rows, and whoever looked at the first of them need not look again.
 *
 * An entry is an imprint, and as many rows as an event teaches at most. It has one of two places that its hash gives it,
 * and a later one may take it over: so nothing grows, and nothing is searched for.
 */
export class Recognition {
  /** All entries; -1 is no row. */
  readonly entries: Int32Array;
  /** Where in `entries` to write the rows of an event that was asked for and is not known. */
  readonly taught: number;
  /** How many events were like one before. */
  recognised = 0;
  /** Of the rows that are remembered. */
  private arrangement = 0;
  private readonly width: number;
  private readonly stride: number;
  /** Behind all others the entry of the event that was last asked for, and the place that it may have; -1 is none. */
  private readonly asked: number;
  private place = -1;
  private turn = 0;

  /** `width`: how many words an imprint takes; `rows`: how many rows an event teaches at most. */
  constructor(width: number, rows: number) {
    this.width = width;
    this.stride = Math.ceil((width + rows) / LINE) * LINE;
    this.asked = 2 * PAIRS * this.stride;
    this.taught = this.asked + width;
    const length = this.asked + this.stride;
    this.entries = new Int32Array(new ArrayBuffer(ALIGNED_AT + 4 * length), ALIGNED_AT, length);
  }

  /** Where in `entries` the rows stand that an event like this one has taught; -1 where there was none like it. */
  find(event: EventCursor, arrangement: number): number {
    if (this.arrangement !== arrangement) {
      this.entries.fill(0);
      this.arrangement = arrangement;
    }
    this.place = -1;
    if (!event.imprint(this.entries, this.asked)) return -1;
    const one = 2 * (this.hash() & (PAIRS - 1)) * this.stride;
    const other = one + this.stride;
    const found = this.isAt(one) ? one : this.isAt(other) ? other : -1;
    if (found < 0) {
      this.turn ^= this.stride;
      this.place = one + this.turn;
      return -1;
    }
    this.recognised++;
    return found + this.width;
  }

  /** The event that was last asked for has taught what has been written. Rows in another arrangement have other places. */
  remember(arrangement: number): void {
    if (this.place < 0 || this.arrangement !== arrangement) return;
    const { entries, asked, place, stride } = this;
    for (let word = 0; word < stride; word++) entries[place + word] = entries[asked + word] ?? 0;
  }

  private hash(): number {
    const { entries, asked, width } = this;
    let hash = 0;
    for (let word = 0; word < width; word++) hash += Math.imul(entries[asked + word] ?? 0, ODD[word & 15] ?? 1);
    hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
    return hash ^ (hash >>> 15);
  }

  /** Imprints are never nothing but zeros, as an empty entry is. */
  private isAt(entry: number): boolean {
    const { entries, asked, width } = this;
    for (let word = 0; word < width; word++) if (entries[entry + word] !== entries[asked + word]) return false;
    return true;
  }
}

/** A multiplier for each word of an imprint, so that they need not wait for one another. */
const ODD = Int32Array.from({ length: 16 }, (_, word) => Math.imul(2 * word + 1, 0x9e3779b1));

import type { Rows } from '../baseline/rows.ts';
import type { EventCursor } from '../decode/log.ts';

/** A line of the processor's cache, in words; and how far behind a page's beginning large buffers begin, in bytes. */
const LINE = 16;
const ALIGNED_AT = 48;

/** So many pairs of entries: 4 MB, where an entry is one line. */
const PAIRS = 1 << 15;

/** How many events are looked up together. */
export const TOGETHER = 128;

const NO_LIKENESS = -1;

/**
 * What events taught, by what they were like. Most events are like many before them but for their time and their size:
 * those teach the same rows, and whoever looked at the first of them need not look again.
 *
 * An entry is an imprint, and as many rows as an event teaches at most. It has one of two places that its hash gives it,
 * and a later one may take it over. Events are looked up many together, step by step: so the memory, which takes as long
 * to answer once as the processor takes for all the rest, is asked for many entries at a time.
 */
export class Recognition {
  /** All entries, and behind them those of the events that are looked up. */
  readonly entries: Int32Array;
  /** Which of those that are looked up are like one before. */
  readonly isKnown = new Uint8Array(TOGETHER);
  /** The arrangement of the rows that are remembered. */
  arrangement = 0;
  /** How many events were, whatever became of them. */
  recognised = 0;
  private readonly width: number;
  private readonly rows: number;
  private readonly stride: number;
  private readonly asked: number;
  private readonly places = new Int32Array(TOGETHER);
  private turn = 0;

  /** `width`: how many words an imprint takes; `rows`: how many rows an event teaches at most. */
  constructor(width: number, rows: number) {
    this.width = width;
    this.rows = rows;
    this.stride = Math.ceil((width + rows) / LINE) * LINE;
    this.asked = 2 * PAIRS * this.stride;
    const length = this.asked + TOGETHER * this.stride;
    this.entries = new Int32Array(new ArrayBuffer(ALIGNED_AT + 4 * length), ALIGNED_AT, length);
  }

  /** Where in `entries` the rows stand, or are to be written, of one that is looked up; -1 is no row. */
  rowsOf(index: number): number {
    return this.asked + index * this.stride + this.width;
  }

  /** Looks up the events of some rows of a table, at most TOGETHER. */
  lookUp(event: EventCursor, tableRows: Uint32Array, from: number, to: number, rows: Rows): void {
    const { entries, places, stride, isKnown } = this;
    const count = to - from;
    if (this.arrangement !== rows.arrangement) {
      entries.fill(0);
      this.arrangement = rows.arrangement;
    }
    for (let index = 0; index < count; index++) {
      event.row = tableRows[from + index] ?? 0;
      const asked = this.asked + index * stride;
      places[index] = event.imprint(entries, asked) ? 2 * (this.hashAt(asked) & (PAIRS - 1)) * stride : NO_LIKENESS;
    }
    let touched = 0;
    for (let index = 0; index < count; index++) touched |= entries[places[index] ?? 0] ?? 0;
    for (let index = 0; index < count; index++) isKnown[index] = this.find(index) ? 1 : 0;
    for (let index = 0; index < count; index++) {
      if (isKnown[index] === 0) continue;
      const taught = this.rowsOf(index);
      for (let at = taught; at < taught + this.rows; at++) touched |= rows.touch(entries[at] ?? -1);
    }
    this.touched = touched;
  }

  /** An event that was looked up and not known has taught what is written with it. */
  remember(index: number, arrangement: number): void {
    const place = this.places[index] ?? NO_LIKENESS;
    if (place === NO_LIKENESS || arrangement !== this.arrangement) return;
    this.turn ^= this.stride;
    const { entries, width, rows } = this;
    const asked = this.asked + index * this.stride;
    const to = place + this.turn;
    for (let word = 0; word < width + rows; word++) entries[to + word] = entries[asked + word] ?? 0;
  }

  /** Never read: so that the engine cannot leave out what is only touched. */
  touched = 0;

  /** Takes over the rows of a known one at once: its entry may be taken over before its turn comes. */
  private find(index: number): boolean {
    const place = this.places[index] ?? NO_LIKENESS;
    if (place === NO_LIKENESS) return false;
    const asked = this.asked + index * this.stride;
    const found = this.isAt(place, asked) ? place : this.isAt(place + this.stride, asked) ? place + this.stride : -1;
    if (found < 0) return false;
    const { entries, width } = this;
    for (let word = width; word < width + this.rows; word++) entries[asked + word] = entries[found + word] ?? -1;
    this.recognised++;
    return true;
  }

  private hashAt(asked: number): number {
    const { entries, width } = this;
    let hash = 0;
    for (let word = 0; word < width; word++) hash += Math.imul(entries[asked + word] ?? 0, ODD[word & 15] ?? 1);
    hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
    return hash ^ (hash >>> 15);
  }

  /** Imprints are never nothing but zeros, as an empty entry is. */
  private isAt(entry: number, asked: number): boolean {
    const { entries, width } = this;
    for (let word = 0; word < width; word++) if (entries[entry + word] !== entries[asked + word]) return false;
    return true;
  }
}

/** A multiplier for each word of an imprint, so that they need not wait for one another. */
const ODD = Int32Array.from({ length: 16 }, (_, word) => Math.imul(2 * word + 1, 0x9e3779b1));

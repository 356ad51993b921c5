import type { Keys, RowReference } from '../baseline/row.ts';
import type { Rows } from '../baseline/rows.ts';
import { type Counted, type Likenesses, MOST_NOTES, type Sieve } from '../kernel/sieve.ts';
import { PairMap } from '../value/pair-map.ts';
import type { Micros } from '../value/time.ts';

/** So many segments back it is remembered which rows they had, where they are not too many: a row takes 24 bytes. */
const REMEMBERED = 3;
const MOST_REMEMBERED = 1 << 19;

export const NO_ROW = -1;

/** What a thread still recognises when it goes on to another segment of the same hunt. */
export class Memory {
  private readonly askers = new PairMap<string, unknown, number>();
  private readonly former = new Map<number, Keys>();

  /** A number for an audience of records of one form: what is called `dns` may be Zeek's and Suricata's in one stream. */
  askerOf(audience: string, form: unknown, likenesses: Likenesses): number {
    return this.askers.at(audience, form, likenesses.newNumber);
  }

  /** The keys of the rows of a former segment, by its number. */
  keysOf(owner: number): Keys | undefined {
    return this.former.get(owner);
  }

  keep(owner: number, keys: Keys): void {
    this.former.set(owner, keys);
    const [oldest] = this.former.keys();
    if (this.former.size > REMEMBERED && oldest !== undefined) this.former.delete(oldest);
  }
}

/** Events in a sieve: how many, who looks at them, and how they are written. */
interface Asked {
  readonly count: number;
  readonly audience: string;
  readonly form: unknown;
  readonly hasSizes: boolean;
}

/** Whose events the kernel counts just now: it does that for one at a time. */
let counting: Recognition | undefined;

/**
 * What events of a segment taught, by what they were like. Most events are like many before them but for their time and
 * their size: those teach the same rows, and whoever looked at the first of them need not look again. The kernel counts
 * them, and now and then it is written down what it has counted.
 */
export class Recognition {
  /** How many events were like one before. */
  recognised = 0;
  /** The rows that the event teaches which is looked at, to be written by whoever looks. */
  readonly taught = new Int32Array(MOST_NOTES);
  /** Of the rows as they stand: another one once they have been arranged anew; 0 where nothing can be recognised. */
  private owner = 0;
  private readonly rows: Rows;
  private readonly memory: Memory;
  private likenesses: Likenesses | undefined;

  constructor(rows: Rows, memory: Memory) {
    this.rows = rows;
    this.memory = memory;
  }

  /** Counts the first rows of a sieve, and says how many of them are left for their audience to look at. */
  sift(sieve: Sieve, { count, audience, form, hasSizes }: Asked): number {
    const { likenesses } = sieve;
    if (counting !== this) counting?.settle();
    counting = this;
    this.likenesses = likenesses;
    if (this.owner === 0) this.owner = likenesses.newNumber();
    const left = sieve.sift(count, this.memory.askerOf(audience, form, likenesses), this.owner, hasSizes);
    likenesses.tellLost(this.write);
    this.recognised += count - left;
    return left;
  }

  /** Whether one that is left is known all the same: the first of a day or of this segment, or earlier than those before. */
  again(likeness: number, time: Micros, bytes: number, marks: number, reference: RowReference): boolean {
    const { likenesses, rows, owner } = this;
    if (likeness === 0 || !likenesses) return false;
    const before = likenesses.ownerOf(likeness);
    const keys = this.memory.keysOf(before);
    if (before !== owner && !keys) return false;
    likenesses.tell(likeness, this.write);
    const { notes } = likenesses;
    const from = likenesses.notesOf(likeness);
    for (let note = from; note < from + MOST_NOTES; note++) {
      const row = notes[note] ?? NO_ROW;
      if (row === NO_ROW) continue;
      if (before === owner) rows.again(row, time, bytes, marks, reference);
      else if (keys) notes[note] = rows.noteLike(keys, row, time, bytes, marks, reference);
    }
    likenesses.begin(likeness, this.ownerSince(owner), time);
    this.recognised++;
    return true;
  }

  /** Which rows there are now: to be asked before an event teaches any. */
  get arrangement(): number {
    return this.owner;
  }

  /** From now on events like the one that taught what has been written need not be looked at. */
  remember(likeness: number, arrangement: number, time: Micros): void {
    const { likenesses, taught } = this;
    if (likeness === 0 || !likenesses) return;
    likenesses.notes.set(taught, likenesses.notesOf(likeness));
    likenesses.begin(likeness, this.ownerSince(arrangement), time);
  }

  /** Rows are about to be forgotten: the others will have other places. */
  rearrange(): void {
    this.settle();
    this.owner = this.likenesses?.newNumber() ?? 0;
  }

  /** Everything that was counted is written down. */
  settle(): void {
    if (counting !== this) return;
    counting = undefined;
    this.likenesses?.tellAll(this.owner, this.write);
  }

  /** The same, and nothing more will come: but what was recognised may be again, by the keys of its rows. */
  end(): void {
    this.settle();
    if (this.owner !== 0 && this.rows.size <= MOST_REMEMBERED) this.memory.keep(this.owner, this.rows.packed.keys());
  }

  /** Nobody, where rows have been arranged anew since. */
  private ownerSince(arrangement: number): number {
    return arrangement === this.owner ? arrangement : 0;
  }

  private readonly write: Counted = (from, count, last, bytes, marks) => {
    const notes = this.likenesses?.notes ?? [];
    for (let note = from; note < from + MOST_NOTES; note++) {
      const row = notes[note] ?? NO_ROW;
      if (row !== NO_ROW) this.rows.several(row, last, count, bytes, marks);
    }
  };
}

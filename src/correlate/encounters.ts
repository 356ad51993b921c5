import type { SymbolId } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import type { Micros } from '../value/time.ts';

/**
 * A conversation as one witness met it, with what tells it from all others: a flow that a sensor saw, a connection that an
 * endpoint says one of its processes made, or an answer that a process got to a question for a name.
 */
export interface Encounter {
  readonly side: Side;
  readonly time: Micros;
  readonly originator: Address;
  readonly originatorPort: number;
  /** Of an answer the address that was given, and no ports. */
  readonly responder: Address;
  readonly responderPort: number;
  readonly transport: SymbolId;
  /** Who, as `baseline/process.ts` writes it; of flows the fingerprint of the sensor's identifier, and 0 where there is none. */
  readonly who: SymbolId;
  readonly log: SymbolId;
  readonly segment: number;
  readonly line: number;
}

/** `opened` and `accepted`: an endpoint's word, by whether its process began. */
export type Side = 'flow' | 'opened' | 'accepted' | 'answer';

export const sides: readonly Side[] = ['flow', 'opened', 'accepted', 'answer'];

/** How many numbers one takes. */
const WIDTH = 10;
const PORTS = 65_536;

/** So many of one observation; later ones are counted, and not joined to anything. */
const MOST = 500_000;

/** Many of them in one array of numbers, so that they change threads without being copied. */
export class Encounters implements Iterable<Encounter> {
  private numbers: Float64Array;
  size: number;
  /** How many there was no room for. */
  dropped: number;
  /** Whether any endpoint has said anything. */
  hasWords = false;
  private readonly most: number;

  constructor({ numbers = new Float64Array(0), dropped = 0, most = MOST }: Partial<EncounterPacking> = {}) {
    this.numbers = numbers;
    this.size = numbers.length / WIDTH;
    this.dropped = dropped;
    this.most = most;
    for (let index = 0; index < this.size && !this.hasWords; index++) this.hasWords = this.sideAt(index) !== 'flow';
  }

  push(one: Encounter): void {
    if (this.size >= this.most) {
      this.dropped++;
      return;
    }
    if (one.side !== 'flow') this.hasWords = true;
    const from = this.size * WIDTH;
    if (from === this.numbers.length) {
      const wider = new Float64Array(Math.max(64 * WIDTH, Math.ceil((this.size * 3) / 2) * WIDTH));
      wider.set(this.numbers);
      this.numbers = wider;
    }
    const { numbers } = this;
    numbers[from] = sides.indexOf(one.side);
    numbers[from + 1] = one.time;
    numbers[from + 2] = one.originator;
    numbers[from + 3] = one.responder;
    numbers[from + 4] = one.originatorPort * PORTS + one.responderPort;
    numbers[from + 5] = one.transport;
    numbers[from + 6] = one.who;
    numbers[from + 7] = one.log;
    numbers[from + 8] = one.segment;
    numbers[from + 9] = one.line;
    this.size++;
  }

  clear(): void {
    this.size = 0;
    this.hasWords = false;
  }

  merge(others: Encounters): void {
    for (const one of others) this.push(one);
    this.dropped += others.dropped;
  }

  *[Symbol.iterator](): Generator<Encounter> {
    for (let index = 0; index < this.size; index++) yield this.at(index);
  }

  sideAt(index: number): Side {
    return sides[this.numbers[index * WIDTH] ?? 0] ?? 'flow';
  }

  /** Written out: there may be a million of them. */
  at(index: number): Encounter {
    const { numbers } = this;
    const from = index * WIDTH;
    const ports = numbers[from + 4] ?? 0;
    return {
      side: sides[numbers[from] ?? 0] ?? 'flow',
      time: numbers[from + 1] ?? 0,
      originator: numbers[from + 2] ?? 0,
      originatorPort: Math.floor(ports / PORTS),
      responder: numbers[from + 3] ?? 0,
      responderPort: ports % PORTS,
      transport: numbers[from + 5] ?? 0,
      who: numbers[from + 6] ?? 0,
      log: numbers[from + 7] ?? 0,
      segment: numbers[from + 8] ?? 0,
      line: numbers[from + 9] ?? 0,
    };
  }

  /** The same by the receiver's numbers for texts and addresses. */
  rename({ symbolOf, addressOf }: Renaming): Encounters {
    return this.map(one => ({
      ...one,
      originator: addressOf(one.originator),
      responder: addressOf(one.responder),
      transport: symbolOf(one.transport),
      who: one.side === 'flow' ? one.who : symbolOf(one.who),
      log: symbolOf(one.log),
    }));
  }

  map(change: (one: Encounter) => Encounter): Encounters {
    const changed = new Encounters({ most: this.most, dropped: this.dropped });
    for (const one of this) changed.push(change(one));
    return changed;
  }

  get packing(): EncounterPacking {
    const { size, dropped, most } = this;
    return { numbers: this.numbers.slice(0, size * WIDTH), dropped, most };
  }
}

/** On the way between threads. */
export interface EncounterPacking {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly dropped: number;
  readonly most: number;
}

interface Renaming {
  symbolOf(symbol: SymbolId): SymbolId;
  addressOf(address: Address): Address;
}

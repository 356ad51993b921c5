import type { Baseline } from '../baseline/baseline.ts';
import type { Lack } from '../baseline/doubts.ts';
import type { EventKind, EventOf, FieldOf, LogEvent } from '../event/event.ts';
import type { Evidence, Sign } from '../finding/evidence.ts';
import type { Reader, ValuesOf } from '../value/reader.ts';

/** The fields of each kind of event without which a detector sees nothing there. */
export type Needs<Kind extends EventKind = EventKind> = { readonly [Each in Kind]?: readonly FieldOf<Each>[] };

type Readers = Readonly<Record<string, Reader<unknown>>>;

interface Definition<Kind extends EventKind, Options extends Readers> {
  readonly name: string;
  /** Which events it looks at. It is blind where none of them has all the fields that it needs. */
  readonly needs: { readonly [Each in Kind]: readonly FieldOf<Each>[] };
  readonly options: Options;
  /** The same where it depends on the options. */
  needsFor?(options: ValuesOf<Options>): Needs;
  /** What it takes for an oddity of the traffic where the sensor only missed something. */
  readonly fooledBy?: readonly Lack[];
  /** Why it cannot see yet what it is made to see, though all fields are there. */
  unready?(options: ValuesOf<Options>, baseline: Baseline): string | undefined;
  /** What one event shows. */
  detect?(event: EventOf<Kind>, options: ValuesOf<Options>): Sign | undefined;
  /** Whether what `detect` saw still stands once everything is known; or the sign that it is by then. */
  settle?(evidence: Evidence, options: ValuesOf<Options>, baseline: Baseline): boolean | Sign;
  /** What the baseline shows, once everything is known. */
  conclude?(baseline: Baseline, options: ValuesOf<Options>): Iterable<Evidence>;
}

/** A mechanism that rules give a meaning, a level and options to. */
export interface Detector {
  readonly name: string;
  readonly kinds: readonly EventKind[];
  readonly needs: Needs;
  readonly options: Readers;
  needsFor?(options: object): Needs;
  readonly fooledBy?: readonly Lack[];
  unready?(options: object, baseline: Baseline): string | undefined;
  detect?(event: LogEvent, options: object): Sign | undefined;
  settle?(evidence: Evidence, options: object, baseline: Baseline): boolean | Sign;
  conclude?(baseline: Baseline, options: object): Iterable<Evidence>;
}

/** Narrows the event by `needs` and types the options by their readers, so that nothing is declared twice. */
export const defineDetector = <const Kind extends EventKind, const Options extends Readers>(
  definition: Definition<Kind, Options>,
): Detector => ({ ...definition, kinds: Object.keys(definition.needs) as Kind[] }) as Detector;

import type { SymbolId, Symbols } from '../kernel/symbols.ts';
import { PairMap } from '../value/pair-map.ts';
import { dayOf, type Micros } from '../value/time.ts';
import { type Acquaintances, acquaintedAt } from './acquaintance.ts';
import { createHabits, type Estimate, type Habit, type RoleOf } from './chance.ts';
import { joinedDays } from './days.ts';
import { NONE, type Row } from './row.ts';
import { partsOf, traits } from './traits.ts';

/** A value that an entity showed for the first time after it had been known for long enough. */
export interface Novelty extends Estimate {
  readonly row: Row;
  readonly knownSince: Micros;
  /** What was judged: the port as such, where the host had not used it before that day, else the value among its like. */
  readonly judged: 'port' | 'value';
  /** Whether nobody had ever shown it. */
  readonly isFirst: boolean;
  /** How many entities show what was judged, of how many. */
  readonly entities: number;
  readonly of: number;
}

/** What else is known of those who are judged. */
export interface Judged {
  readonly roleOf?: RoleOf | undefined;
  /** Whether a row is about what was found to be odd, so that it is nobody's normal, however often it was seen. */
  readonly isSuspect?: ((row: Row) => boolean) | undefined;
}

/**
 * What is new in the rows of one trait. Newness is a fact about time and not about reading order: a value is new when
 * its first sighting lies after the entity's acquaintance, however its lines were read.
 */
export function noveltiesIn(
  rows: readonly Row[],
  acquaintances: Acquaintances,
  symbols: Symbols,
  { roleOf, isSuspect }: Judged = {},
): readonly Novelty[] {
  const textOf = createTexts(symbols);
  const habits = rows.map(row => habitOf(row, textOf));
  const normal = isSuspect ? habits.filter(({ row }) => !isSuspect(row)) : habits;
  const services = portsIn(normal);
  const values = createHabits(normal, acquaintances, roleOf);
  const ports = createHabits(services, acquaintances, roleOf);
  const showing = { value: entitiesByValue(normal), port: entitiesByValue(services) };

  const spellings = firstsOf(habits);

  return habits.flatMap(habit => {
    const { row } = habit;
    const known = acquaintances.entities.get(row.entity);
    const acquaintance = known && acquaintedAt(known, row.first);
    if (!acquaintance || row.first <= acquaintance.countsFrom) return [];
    if (habit.spelt !== undefined && (spellings.get(habit.entity, habit.spelt) ?? row.first) < row.first) return [];
    const day = dayOf(row.first);
    const isNewPort = habit.context !== '' && !values.isKnown(habit, day);
    const judged = isNewPort ? 'port' : 'value';
    const port = { ...habit, context: '', value: habit.context };
    const estimate = isNewPort ? ports.chanceOf(port, day) : values.chanceOf(habit, day);
    const first = isNewPort ? ports.chanceOfFirst(port, day) : habit.isShared ? values.chanceOfFirst(habit, day) : 1;
    return {
      row,
      knownSince: acquaintance.since,
      ...estimate,
      chance: estimate.chance * first,
      isFirst: first < 1,
      judged,
      entities: countIn(showing[judged], isNewPort ? port : habit),
      of: acquaintances.entities.size,
    };
  });
}

/** `isShared`: the hosts of a network show the same few values, so that one which nobody has shown says more. */
interface ValueHabit extends Habit {
  readonly row: Row;
  readonly isShared: boolean;
  /** The same for all spellings of it, where there can be several. */
  readonly spelt: string | undefined;
}

/** A talker is judged among the talkers of its port, what a program does among what it does there; everything else among all values of its trait. */
function habitOf(row: Row, textOf: Texts): ValueHabit {
  const { entity, first, last, days, peer, port, transport, name } = row;
  const where = textOf.port(port, transport);
  const trait = traits[row.trait];
  const seen = { entity, first, last, days, row };
  if (trait === 'reach' || trait === 'answering')
    return { ...seen, ...byProgram(textOf.name(name), where), isShared: true };
  if (trait === 'asked') {
    const [image, domain] = partsOf(textOf.text(name));
    return { ...seen, ...byProgram(anybodys(image), domain), isShared: false };
  }
  if (peer !== NONE)
    return { entity, first, last, days, context: where, value: peer, isShared: false, spelt: undefined, row };
  const value = `${where}${textOf.name(name)}`;
  return { ...seen, context: '', value, isShared: trait !== 'domain', spelt: value };
}

const byProgram = (context: string, value: string) => ({ context, value, spelt: `${context} ${value}` });

/** Ports and names as texts, each made once. */
interface Texts {
  port(port: number, transport: SymbolId): string;
  name(name: SymbolId): string;
  /** A name as it was written. */
  text(name: SymbolId): string;
}

function createTexts(symbols: Symbols): Texts {
  const ports = new PairMap<number, SymbolId, string>();
  const names = new Map<SymbolId, string>();
  return {
    port: (port, transport) =>
      ports.at(port, transport, () => {
        const text = symbols.text(transport);
        return port === NONE ? text : `${port}/${text}`;
      }),
    text: symbols.text,
    name(name) {
      const known = names.get(name) ?? anybodys(symbols.text(name));
      names.set(name, known);
      return known;
    },
  };
}

/** When each entity first showed each value, however it was spelled then. */
function firstsOf(habits: readonly ValueHabit[]): PairMap<number, string, Micros> {
  const firsts = new PairMap<number, string, Micros>();
  for (const { entity, spelt, first } of habits) {
    if (spelt !== undefined) firsts.set(entity, spelt, Math.min(firsts.get(entity, spelt) ?? first, first));
  }
  return firsts;
}

/**
 * An executable's path as it would be on anybody's machine: programs in home folders are the same program, and Windows
 * writes the same path now with capitals and now without, and in its firewall's events with the disk's number.
 */
export const anybodys = (name: string): string =>
  (WINDOWS_PATH.test(name) ? name.toLowerCase().replace(WINDOWS_PATH, '*:\\') : name)
    .replace(/^(\*:\\users\\)[^\\]+/, '$1*')
    .replace(/^(\/home\/)[^/]+/, '$1*');

const WINDOWS_PATH = /^(?:[a-z]:|\\device\\harddiskvolume\d+)\\/i;

/** The ports that each entity uses, whoever the peer. */
function portsIn(habits: readonly Habit[]): readonly Habit[] {
  const ports = new PairMap<number, string, { -readonly [Key in keyof Habit]: Habit[Key] }>();
  for (const { entity, context, first, last, days } of habits) {
    if (context === '') continue;
    const known = ports.get(entity, context);
    if (known) {
      known.days = joinedDays(known.days, known.last, days, last);
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
    } else ports.set(entity, context, { entity, first, last, days, context: '', value: context });
  }
  return [...ports.values()];
}

type Counts = PairMap<string, Habit['value'], number>;

function entitiesByValue(habits: readonly Habit[]): Counts {
  const counts: Counts = new PairMap();
  for (const { context, value } of habits) counts.set(context, value, (counts.get(context, value) ?? 0) + 1);
  return counts;
}

const countIn = (counts: Counts, { context, value }: Habit): number => counts.get(context, value) ?? 1;

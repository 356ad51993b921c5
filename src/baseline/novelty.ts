import type { Symbols } from '../kernel/symbols.ts';
import { dayOf, type Micros } from '../value/time.ts';
import type { Acquaintances } from './acquaintance.ts';
import { createHabits, type Estimate, type Habit, joinedSeen } from './chance.ts';
import { NONE, type Row } from './row.ts';
import { traits } from './traits.ts';

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

/**
 * What is new in the rows of one trait. Newness is a fact about time and not about reading order: a value is new when
 * its first sighting lies after the entity's acquaintance, however its lines were read.
 */
export function noveltiesIn(rows: readonly Row[], acquaintances: Acquaintances, symbols: Symbols): readonly Novelty[] {
  const habits = rows.map(row => ({ ...habitOf(row, symbols), row }));
  const services = portsIn(habits);
  const values = createHabits(habits, acquaintances);
  const ports = createHabits(services, acquaintances);
  const showing = { value: entitiesByValue(habits), port: entitiesByValue(services) };

  return habits.flatMap(habit => {
    const { row } = habit;
    const acquaintance = acquaintances.entities.get(row.entity);
    if (!acquaintance || row.first <= acquaintance.countsFrom) return [];
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
      entities: showing[judged].get(valueKey(isNewPort ? port : habit)) ?? 1,
      of: acquaintances.entities.size,
    };
  });
}

/** `isShared`: the hosts of a network show the same few values, so that one which nobody has shown says more. */
interface ValueHabit extends Habit {
  readonly isShared: boolean;
}

/** A talker is judged among the talkers of its port; everything else among all values of its trait. */
function habitOf(row: Row, symbols: Symbols): ValueHabit {
  const transport = symbols.text(row.transport);
  const port = row.port === NONE ? transport : `${row.port}/${transport}`;
  const seen = { entity: row.entity, first: row.first, last: row.last, days: row.days };
  const isEndless = row.trait === traits.indexOf('domain');
  if (row.peer !== NONE) return { ...seen, context: port, value: String(row.peer), isShared: false };
  return { ...seen, context: '', value: `${port}${anybodys(symbols.text(row.name))}`, isShared: !isEndless };
}

/** An executable's path as it would be on anybody's machine: programs in home folders are the same program. */
const anybodys = (name: string): string =>
  name.replace(/^([A-Z]:\\Users\\)[^\\]+/i, '$1*').replace(/^(\/home\/)[^/]+/, '$1*');

/** The ports that each entity uses, whoever the peer. */
function portsIn(habits: readonly Habit[]): readonly Habit[] {
  const ports = new Map<string, Habit>();
  for (const habit of habits) {
    const { entity, context } = habit;
    const key = `${entity} ${context}`;
    if (context !== '') ports.set(key, { ...joinedSeen(ports.get(key), habit), entity, context: '', value: context });
  }
  return [...ports.values()];
}

function entitiesByValue(habits: readonly Habit[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const habit of habits) counts.set(valueKey(habit), (counts.get(valueKey(habit)) ?? 0) + 1);
  return counts;
}

const valueKey = ({ context, value }: Habit): string => `${context} ${value}`;

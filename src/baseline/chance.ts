import { listAt, madeAt } from '../value/made-at.ts';
import { PairMap } from '../value/pair-map.ts';
import { dayOf, type Micros } from '../value/time.ts';
import type { Acquaintances } from './acquaintance.ts';
import { type Days, daysBefore } from './days.ts';

/** When a value was seen. */
export interface Seen {
  readonly first: Micros;
  readonly last: Micros;
  readonly days: Days;
}

/** Somebody's value in a context: a peer (value) of a host (entity) on one port (context). */
export interface Habit extends Seen {
  readonly entity: number;
  readonly context: string;
  readonly value: string | number;
}

/** How likely something new was. */
export interface Estimate {
  readonly chance: number;
  /** How much history that rests on: pairs of a value (or of an entity that shows none) and a day. */
  readonly history: number;
  readonly basis: Basis;
}

/**
 * Whose history: the entity's own, that of its role, that of all entities, or that of the entities (of its role, of all)
 * which had shown nothing at all.
 */
type Basis = 'own' | 'role' | 'pooled' | 'role newcomers' | 'newcomers';

/** The role of an entity, where somebody has said it. */
export type RoleOf = (entity: number) => string | undefined;

/**
 * The chance that the next value-day brings a value never seen, by Good and Turing (I. J. Good, "The population
 * frequencies of species", Biometrika 40, 1953): values seen on exactly one day, over all value-days. Days and not
 * connections, because connections come in bursts. Only what lies before the given day is history.
 */
export function chanceOfNew(
  values: Iterable<Seen>,
  day: number,
): { readonly chance: number; readonly history: number } {
  let once = 0;
  let history = 0;
  for (const value of values) {
    const days = daysBefore(value, day);
    history += days;
    if (days === 1 && isWhole(value)) once++;
  }
  return { chance: oddsOf(once, history), history };
}

/** Days further back than a month drop out of the record: then one that is left is not the only one. */
const isWhole = ({ first, last }: Seen): boolean => dayOf(last) - dayOf(first) < 32;

const oddsOf = (times: number, of: number): number => (times + 0.5) / (of + 1);

/**
 * The rule of three: a history without one novelty in three hundred value-days says, at 95 %, that fewer than one in a
 * hundred will be. A shorter one asks a wider history.
 */
const ENOUGH = 300;

/** How surprising a new value is, given everybody's habits. */
export interface Habits {
  /** Whether the entity showed anything in this context before the day. */
  isKnown(habit: Habit, day: number): boolean;
  /** How likely a new value was for the entity in the context. */
  chanceOf(habit: Habit, day: number): Estimate;
  /** How likely a value that is new to an entity is new to all of them; 1 where it is not. */
  chanceOfFirst(habit: Habit, day: number): number;
}

export function createHabits(
  habits: Iterable<Habit>,
  acquaintances: Acquaintances,
  roleOf: RoleOf = () => undefined,
): Habits {
  const own = new PairMap<number, string, { readonly habits: Habit[]; first: Micros }>();
  const pooled = new Map<string, Habit[]>();
  const ofRole = new PairMap<string, string, Habit[]>();
  for (const habit of habits) {
    const { entity, context } = habit;
    const mine = own.at(entity, context, () => ({ habits: [], first: habit.first }));
    mine.habits.push(habit);
    mine.first = Math.min(mine.first, habit.first);
    listAt(pooled, context).push(habit);
    const role = roleOf(entity);
    if (role !== undefined) ofRole.at(role, context, () => []).push(habit);
  }
  /** Worked out once for the many values of a day. */
  const estimates = new Map<string, Estimate>();
  const firsts = new Map<string, { readonly values: ReadonlySet<Habit['value']>; readonly chance: number }>();

  const isKnown = ({ entity, context }: Habit, day: number): boolean =>
    dayOf(own.get(entity, context)?.first ?? Number.POSITIVE_INFINITY) < day;

  return {
    isKnown,
    chanceOf(habit, day) {
      const { context } = habit;
      const everybody = pooled.get(context) ?? [];
      const role = roleOf(habit.entity);
      if (!isKnown(habit, day)) {
        if (role !== undefined) {
          const among = madeAt(
            estimates,
            `newcomers of ${role} ${day} ${context}`,
            (): Estimate => ({
              ...newcomers(ofRole.get(role, context) ?? [], acquaintances, day, entity => roleOf(entity) === role),
              basis: 'role newcomers',
            }),
          );
          if (among.history >= ENOUGH) return among;
        }
        return madeAt(estimates, `newcomers ${day} ${context}`, () => newcomers(everybody, acquaintances, day));
      }
      const mine = madeAt(
        estimates,
        `own ${day} ${habit.entity} ${context}`,
        (): Estimate => ({
          ...chanceOfNew(own.get(habit.entity, context)?.habits ?? [], day),
          basis: 'own',
        }),
      );
      if (mine.history >= ENOUGH) return mine;
      if (role !== undefined) {
        const like = madeAt(
          estimates,
          `role ${role} ${day} ${context}`,
          (): Estimate => ({
            ...chanceOfNew(ofRole.get(role, context) ?? [], day),
            basis: 'role',
          }),
        );
        if (like.history >= ENOUGH) return like;
      }
      const all = madeAt(
        estimates,
        `pooled ${day} ${context}`,
        (): Estimate => ({
          ...chanceOfNew(everybody, day),
          basis: 'pooled',
        }),
      );
      return all.history > mine.history ? all : mine;
    },
    chanceOfFirst({ context, value }, day) {
      const { values, chance } = madeAt(firsts, `${day} ${context}`, () =>
        valuesBefore(pooled.get(context) ?? [], day),
      );
      return values.has(value) ? 1 : chance;
    },
  };
}

/**
 * The values that anybody showed before a day, and the chance that one more pair of entity and value brings another:
 * Good and Turing once more, with values as species and the entities that show them as specimens.
 */
function valuesBefore(everybody: readonly Habit[], day: number) {
  const known = everybody.filter(({ first }) => dayOf(first) < day);
  const entities = new Map<Habit['value'], number>();
  for (const { value } of known) entities.set(value, (entities.get(value) ?? 0) + 1);
  const lonely = [...entities.values()].filter(count => count === 1).length;
  return { values: new Set(entities.keys()), chance: oddsOf(lonely, known.length) };
}

/** How likely it was that an entity which had shown nothing in a context began to: begun, over days on which none did. */
function newcomers(
  everybody: readonly Habit[],
  { entities, daysSeen }: Acquaintances,
  day: number,
  isMeant = (_: number): boolean => true,
): Estimate {
  const firstDays = new Map<number, number>();
  for (const { entity, first } of everybody) {
    firstDays.set(entity, Math.min(firstDays.get(entity) ?? Number.POSITIVE_INFINITY, dayOf(first)));
  }
  let begun = 0;
  let silent = 0;
  for (const [entity, { since }] of entities) {
    if (!isMeant(entity)) continue;
    const known = dayOf(since);
    const first = firstDays.get(entity) ?? Number.POSITIVE_INFINITY;
    if (known < first && first < day) begun++;
    silent += daysSeen(known, Math.min(first, day));
  }
  return { chance: oddsOf(begun, silent), history: silent, basis: 'newcomers' };
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Acquaintances, acquaintancesOf } from '../src/baseline/acquaintance.ts';
import { chanceOfNew, createHabits, type Habit } from '../src/baseline/chance.ts';
import { daysBefore, joinedDays, ONE_DAY } from '../src/baseline/days.ts';
import { newcomersIn } from '../src/baseline/newcomers.ts';
import { type Judged, noveltiesIn } from '../src/baseline/novelty.ts';
import type { Row, RowKey } from '../src/baseline/row.ts';
import { createRows, type Rows } from '../src/baseline/rows.ts';
import { isCatching } from '../src/correlate/suspects.ts';
import { createSymbols } from '../src/kernel/symbols.ts';
import { DAY } from '../src/value/time.ts';
import { MONDAY, rowsOf, type Sighted, sighted } from './sightings.ts';

test('rows hold exactly what was noted', () => {
  fc.assert(
    fc.property(fc.array(sighted, { maxLength: 200 }), sights => {
      const rows = rowsOf(sights);
      const keys = new Set(sights.map(({ key }) => JSON.stringify(key)));
      expect(rows.size).toBe(keys.size);
      for (const { trait, entity, peer, port, transport, name, first, last, count, bytes } of rows) {
        const mine = sights.filter(
          ({ key }) => JSON.stringify(key) === JSON.stringify({ trait, entity, peer, port, transport, name }),
        );
        expect({ first, last, count, bytes }).toEqual({
          first: Math.min(...mine.map(({ time }) => time)),
          last: Math.max(...mine.map(({ time }) => time)),
          count: mine.length,
          bytes: mine.reduce((sum, { bytes }) => sum + bytes, 0),
        });
      }
    }),
  );
});

test('rows grow beyond their first size and are found again', () => {
  const rows = createRows();
  const key = (index: number): RowKey => ({
    trait: 0,
    entity: index,
    peer: index * 7,
    port: index % 65536,
    transport: 1,
    name: 0,
  });
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 5000; index++)
      rows.note(key(index), MONDAY + index, 1, 0, { segment: 0, log: 0, line: index, uid: undefined });
  }
  expect(rows.size).toBe(5000);
  expect([...rows].every(({ count }) => count === 2)).toBe(true);
});

describe('a baseline that is full', () => {
  const note = (rows: Rows, entity: number, peer: number, time: number): void => {
    const key = { trait: 0, entity, peer, port: 443, transport: 1, name: 0 };
    rows.note(key, time, 1, 0, { segment: 0, log: 0, line: 1, uid: undefined });
  };

  test('loses what the busiest have not shown for longest, and says of whom', () => {
    const rows = createRows(100);
    for (const peer of [1, 2, 3]) note(rows, 7, peer, MONDAY);
    for (let peer = 0; peer < 200; peer++) note(rows, 8, peer, MONDAY + peer);
    // Seen again, it is no longer the oldest.
    note(rows, 9, 1, MONDAY);
    expect(rows.size).toBeLessThanOrEqual(100);
    const peersOf = (entity: number) => [...rows].filter(row => row.entity === entity).map(({ peer }) => peer);
    expect(peersOf(7)).toEqual([1, 2, 3]);
    expect(peersOf(9)).toEqual([1]);
    expect(Math.min(...peersOf(8))).toBeGreaterThan(100);
    expect(peersOf(8)).toContain(199);
    expect([...rows.packed.forgotten.keys()]).toEqual([8]);
    expect(rows.size + (rows.packed.forgotten.get(8) ?? 0)).toBe(204);
  });

  test('is found again by its keys, and remembers what was forgotten when it is merged', () => {
    const one = createRows(50);
    for (let peer = 0; peer < 120; peer++) note(one, 8, peer, MONDAY + peer);
    const kept = one.size;
    for (const { peer } of [...one]) note(one, 8, peer, MONDAY + 500);
    expect(one.size).toBe(kept);
    const all = createRows();
    all.merge(one.packed);
    all.merge(one.packed);
    expect(all.size).toBe(kept);
    expect(all.packed.forgotten.get(8)).toBe(2 * (one.packed.forgotten.get(8) ?? 0));
  });

  test('what comes in the place of what was forgotten begins anew', () => {
    const rows = createRows(8);
    for (let round = 0; round < 100; round++) for (let peer = 0; peer < 8; peer++) note(rows, 8, peer, MONDAY + round);
    for (let peer = 100; peer < 108; peer++) note(rows, 8, peer, MONDAY + 1000);
    expect([...rows].filter(({ peer }) => peer >= 100).every(({ count, bytes }) => count === 1 && bytes === 1)).toBe(
      true,
    );
  });

  test('forgets no more than it must, and nothing for what it knows', () => {
    const rows = createRows(1000);
    for (let entity = 0; entity < 1000; entity++) note(rows, entity, 1, MONDAY + entity);
    for (let entity = 0; entity < 1000; entity++) note(rows, entity, 1, MONDAY + entity);
    const again = createRows(1000);
    again.merge(rows.packed);
    again.merge(rows.packed);
    expect([rows.size, again.size]).toEqual([1000, 1000]);
    note(rows, 1001, 1, MONDAY + 5000);
    expect(rows.size).toBe(1000 - 125 + 1);
    expect(Math.min(...[...rows].map(({ entity }) => entity))).toBe(125);
  });

  test('texts that are too many have one name', () => {
    const symbols = createSymbols(4);
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map(text => symbols.of(text));
    expect(new Set([a, b, c]).size).toBe(3);
    expect(d).toBe(e);
    expect([symbols.text(d ?? 0), symbols.isFull]).toEqual(['(one of too many names)', true]);
    expect(symbols.of('a')).toBe(a);
  });
});

describe('days', () => {
  const on = (day: number, days = ONE_DAY) => ({ last: MONDAY + day * DAY, days });

  const joined = (one: ReturnType<typeof on>, other: ReturnType<typeof on>) =>
    joinedDays(one.days, one.last, other.days, other.last);

  test('are counted back from the last one, whichever came first', () => {
    const early = on(0);
    const late = on(5);
    expect(joined(early, late)).toBe(0b100001);
    expect(joined(late, early)).toBe(0b100001);
    expect(joined(on(0), on(31))).toBe(2 ** 31 + 1);
    // The window is 32 days: older ones drop out.
    expect(joined(on(0), on(32))).toBe(1);
  });

  test('before a day', () => {
    const seen = { last: MONDAY + 5 * DAY, days: 0b101011 }; // on days 5, 4, 2 and 0
    expect([0, 1, 2, 3, 5, 6, 9].map(day => daysBefore(seen, 20458 + day))).toEqual([0, 1, 1, 2, 3, 4, 4]);
    expect(daysBefore(seen, 20458 - 40)).toBe(0);
  });
});

describe('the chance of something new', () => {
  const today = 20458 + 10;
  const seen = (...daysAgo: readonly number[]) => {
    const last = Math.min(...daysAgo);
    return {
      first: (today - Math.max(...daysAgo)) * DAY,
      last: (today - last) * DAY,

      days: daysAgo.reduce((days, ago) => (days | (1 << (ago - last))) >>> 0, 0),
    };
  };

  test.each([
    // Nothing seen yet: (0 + ½) / (0 + 1).
    ['no history', [], 0.5, 0],
    // One value on each of five days, none of them new: (0 + ½) / (5 + 1).
    ['a steady habit', [seen(1, 2, 3, 4, 5)], 0.5 / 6, 5],
    // Two values on one day each, one on three: (2 + ½) / (5 + 1).
    ['a browser', [seen(1), seen(4), seen(1, 2, 3)], 2.5 / 6, 5],
    // What happens today is no history.
    ['today', [seen(0)], 0.5, 0],
    ['today and before', [seen(0, 1, 2)], 0.5 / 3, 2],
  ])('%s', (_, values, chance, history) => {
    expect(chanceOfNew(values, today)).toEqual({ chance, history });
  });

  const habit = (entity: number, value: string, ...daysAgo: readonly number[]): Habit => ({
    entity,
    context: '443/tcp',
    value,
    ...seen(...daysAgo),
  });
  /** So many entities, known for ten days, on all of which something was seen. */
  const known = (entities: number): Acquaintances => ({
    warmup: 0,
    entities: new Map(
      Array.from({ length: entities }, (_, entity) => [
        entity,
        { since: (today - 10) * DAY, until: today * DAY, countsFrom: (today - 8) * DAY },
      ]),
    ),
    daysSeen: (from, to) => Math.max(0, to - from),
  });
  const week = [1, 2, 3, 4, 5, 6, 7];

  test('a host with a long history of its own is judged by it', () => {
    const steady = Array.from({ length: 50 }, (_, index) => habit(0, `peer ${index}`, ...week));
    const restless = Array.from({ length: 500 }, (_, index) => habit(1, `other ${index}`, (index % 7) + 1));
    const habits = createHabits([...steady, ...restless, habit(0, 'new', 0)], known(2));
    // 50 values on 7 days each, none of them on one day only: ½ / 351.
    expect(habits.chanceOf(habit(0, 'new', 0), today)).toEqual({ chance: 0.5 / 351, history: 350, basis: 'own' });
  });

  test('a host with a short history is judged by everybody', () => {
    const others = Array.from({ length: 60 }, (_, entity) => habit(entity + 1, 'server', ...week));
    const habits = createHabits([habit(0, 'server', 1, 2), ...others, habit(0, 'new', 0)], known(61));
    expect(habits.chanceOf(habit(0, 'new', 0), today)).toEqual({
      chance: 0.5 / (60 * 7 + 2 + 1),
      history: 60 * 7 + 2,
      basis: 'pooled',
    });
  });

  test('who had shown nothing at all is judged by all who show nothing', () => {
    // Three of twenty hosts listen since they are known; seventeen have kept silent for ten days.
    const servers = [0, 1, 2].map(entity => ({ ...habit(entity, '80', ...week, 8, 9, 10), context: '' }));
    const fresh = { ...habit(9, '4445', 0), context: '' };
    const habits = createHabits([...servers, fresh], known(20));
    expect(habits.chanceOf(fresh, today)).toEqual({ chance: 0.5 / 171, history: 170, basis: 'newcomers' });
  });

  test('what nobody ever showed is rarer than what is new to one', () => {
    const everywhere = Array.from({ length: 40 }, (_, entity) => habit(entity, 'common', ...week));
    const lonely = habit(3, 'lonely', 4);
    const habits = createHabits([...everywhere, lonely, habit(5, 'common', 0), habit(5, 'unheard of', 0)], known(40));
    expect(habits.chanceOfFirst(habit(5, 'lonely', 0), today)).toBe(1);
    // One of two values is shown by one host only, among 41 pairs: 1½ / 42.
    expect(habits.chanceOfFirst(habit(5, 'unheard of', 0), today)).toBe(1.5 / 42);
  });
});

describe('who is known, since when', () => {
  const row = (entity: number, ...daysAgo: readonly number[]): Row => {
    const rows = createRows();
    const key = { trait: 0, entity, peer: -1, port: -1, transport: 0, name: 0 };
    for (const ago of daysAgo)
      rows.note(key, (20468 - ago) * DAY, 0, 0, { segment: 0, log: 0, line: 1, uid: undefined });
    return rows.at(0);
  };
  const auto = { length: 'auto', learnUntil: undefined } as const;

  test.each([
    ['a quarter of the span', 8, 8 * DAY, 2 * DAY],
    ['at least an hour', 1, DAY / 12, DAY / 24],
    ['at most a week', 90, 90 * DAY, 7 * DAY],
    [
      'a quarter of the days on which anything was seen, where one stray clock stretches the span',
      2,
      9000 * DAY,
      DAY / 2,
    ],
  ])('warm-up is %s', (_, days, span, length) => {
    const rows = [row(1, 0), ...Array.from({ length: days }, (_, ago) => row(2, ago))];
    const { entities, warmup } = acquaintancesOf(rows, auto, { from: 0, to: span });
    expect(warmup).toBe(length);
    expect(entities.get(1)).toMatchObject({ since: 20468 * DAY, countsFrom: 20468 * DAY + length });
  });

  test('by hand it is a moment for those who were known by then, and a warm-up for who came later', () => {
    const learnUntil = 20460 * DAY;
    const { entities } = acquaintancesOf([row(1, 10), row(2, 2)], { ...auto, learnUntil }, { from: 0, to: 8 * DAY });
    expect(entities.get(1)?.countsFrom).toBe(learnUntil);
    expect(entities.get(2)?.countsFrom).toBe(20466 * DAY + DAY / 2);
  });

  test('only days on which something was seen are days of silence', () => {
    const { daysSeen } = acquaintancesOf([row(1, 60, 59), row(1, 2), row(2, 2, 1)], auto, undefined);
    expect(daysSeen(20468 - 60, 20468)).toBe(4);
    expect(daysSeen(20468 - 58, 20468 - 1)).toBe(1);
    expect(daysSeen(20468, 20468 - 5)).toBe(0);
  });

  test('what was seen long ago is no novelty when it comes back after a hole', () => {
    const [back] = [row(1, 70, 69, 68, 1)];
    expect(chanceOfNew([back as Row], 20468)).toEqual({ chance: 0.25, history: 1 });
  });
});

describe('who is held against whom', () => {
  const tcp = 1;
  const symbols = createSymbols();
  symbols.of('tcp');
  const flow = (entity: number, port: number, day: number): Sighted => ({
    key: { trait: 0, entity, peer: 1000 + (port % 7), port, transport: tcp, name: 0 },
    ...{ time: MONDAY + day * DAY + entity, bytes: 1, line: 1 },
  });
  const days = Array.from({ length: 12 }, (_, day) => day);
  const hosts = Array.from({ length: 90 }, (_, host) => host + 1);
  const usual = hosts.flatMap(host => days.map(day => flow(host, 443, day)));
  const chanceOf = (
    sights: readonly Sighted[],
    entity: number,
    port: number,
    judged: Judged = {},
  ): number | undefined => {
    const rows = [...rowsOf(sights)];
    const known = acquaintancesOf(rows, { length: 2 * DAY, learnUntil: undefined }, undefined);
    return noveltiesIn(rows, known, symbols, judged).find(({ row }) => row.entity === entity && row.port === port)
      ?.chance;
  };

  test('what is odd does not become normal by being seen: the next host is held against what was normal before', () => {
    const spread = [...usual, flow(1, 4444, 5), flow(2, 4444, 7)];
    const normal = chanceOf(spread, 2, 4444) ?? 0;
    const suspect = chanceOf(spread, 2, 4444, { isSuspect: ({ entity, port }) => entity === 1 && port === 4444 }) ?? 0;
    expect(suspect).toBeLessThan(normal / 2);
    // As unlikely as if the first one had never done it.
    expect(suspect).toBe(chanceOf([...usual, flow(2, 4444, 7)], 2, 4444));
  });

  test('that matters only where others do it too, and hardly anybody else', () => {
    const isSuspect = ({ entity, port }: RowKey) => entity === 1 && (port === 4444 || port === 443);
    const alone = [...usual, flow(1, 4444, 5)];
    expect(isCatching([...rowsOf(alone)], isSuspect)).toBe(false);
    expect(isCatching([...rowsOf([...alone, flow(2, 4444, 7)])], isSuspect)).toBe(true);
    const everybody = hosts.slice(1, 9).map(host => flow(host, 4444, 7));
    expect(isCatching([...rowsOf([...alone, ...everybody])], isSuspect)).toBe(false);
  });

  test('a host is held against its role before it is held against all', () => {
    // Of ninety hosts the thirty servers begin a service of their own every other day; the others never do.
    const servers = hosts.filter(host => host <= 30);
    const own = servers.flatMap(host => [0, 2, 4, 6].map(day => flow(host, 8000 + 10 * host + day, day)));
    const sights = [...usual, ...own, flow(1, 9999, 10), flow(90, 9999, 10)];
    const roleOf = (entity: number) => (entity <= 30 ? 'server' : 'desk');
    const [server = 1, desk = 0] = [1, 90].map(host => chanceOf(sights, host, 9999, { roleOf }));
    expect(desk).toBeLessThan(server / 10);
    expect(chanceOf(sights, 90, 9999)).toBeGreaterThan(desk);
  });
});

describe('a new host', () => {
  const at = (entity: number, day: number): Sighted => ({
    key: { trait: 0, entity, peer: 9, port: 443, transport: 1, name: 0 },
    ...{ time: MONDAY + day * DAY + entity, bytes: 1, line: entity },
  });
  const days = Array.from({ length: 6 }, (_, day) => day);
  const usual = Array.from({ length: 30 }, (_, host) => days.map(day => at(host + 1, day))).flat();
  const newcomers = (sights: readonly Sighted[]) => {
    const rows = [...rowsOf(sights)];
    return newcomersIn(rows, acquaintancesOf(rows, { length: 2 * DAY, learnUntil: undefined }, undefined));
  };

  test('is one that nobody had seen, once the network is known', () => {
    expect(newcomers(usual)).toEqual([]);
    expect(newcomers([...usual, at(99, 1)])).toEqual([]);
    // Thirty hosts on four days, all of them on more than one: ½ / 121.
    expect(newcomers([...usual, at(99, 4)])).toMatchObject([{ host: 99, chance: 0.5 / 121, history: 120 }]);
  });

  test('one clock that is years off does not make the network old', () => {
    expect(newcomers([...usual, at(98, -4000)]).map(({ host }) => host)).toEqual([]);
  });
});

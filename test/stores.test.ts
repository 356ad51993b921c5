import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Row, RowKey } from '../src/baseline/row.ts';
import { openDatabase } from '../src/baseline/store/database.ts';
import { createMemoryStore } from '../src/baseline/store/memory.ts';
import { createSqliteStore } from '../src/baseline/store/sqlite.ts';
import type { BaselineStore } from '../src/baseline/store/store.ts';
import { createSymbols } from '../src/kernel/symbols.ts';
import { DAY } from '../src/value/time.ts';
import { MONDAY, rowsOf, type Sighted, sighted } from './sightings.ts';

/** What a store holds, in an order that does not depend on how it came there. */
const contentOf = (store: BaselineStore): readonly Row[] =>
  [...store.scan()].map(plain).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

const keyText = ({ trait, entity, peer, port, transport, name }: RowKey): string =>
  [trait, entity, peer, port, transport, name].join();

/** A row's properties are read from the store when they are asked for. */
function plain({
  trait,
  entity,
  peer,
  port,
  transport,
  name,
  first,
  last,
  count,
  bytes,
  days,
  marks,
  reference,
}: Row): Row {
  return { trait, entity, peer, port, transport, name, first, last, count, bytes, days, marks, reference };
}

const root = mkdtempSync(path.join(tmpdir(), 'oddtalk-'));
afterAll(() => rmSync(root, { recursive: true }));
let files = 0;

/** Symbols that the rows of these tests refer to, some of them with bytes that a file might trip over. */
function createKnownSymbols() {
  const symbols = createSymbols();
  for (const text of ['tcp', 'b␀c', "d'e", 'fe80::1', 'é|\n', 'f', 'g', 'h', 'i', 'j']) symbols.of(text);
  return symbols;
}

const createSqlite = (): BaselineStore =>
  createSqliteStore(openDatabase(path.join(root, `${files++}.db`), 'new'), createKnownSymbols());

/** Law 1 of merging, for every store that there will be. */
describe.each([
  ['memory', createMemoryStore, 100],
  ['SQLite', createSqlite, 25],
] as const)('the %s store', (_, createStore, numRuns) => {
  const segments = fc.array(fc.array(sighted, { maxLength: 12 }), { minLength: 1, maxLength: 5 });

  const merged = (order: readonly number[], parts: readonly (readonly Sighted[])[]): readonly Row[] => {
    const store = createStore();
    for (const sequence of order)
      store.merge({ writer: 'a', sequence }, rowsOf(parts[sequence] ?? [], sequence).packed);
    return contentOf(store);
  };

  test('merging is commutative: the order of segments changes nothing', () => {
    const shuffled = segments.chain(parts =>
      fc.record({
        parts: fc.constant(parts),
        order: fc.shuffledSubarray([...parts.keys()], { minLength: parts.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ parts, order }) => {
        expect(merged(order, parts)).toEqual(merged([...parts.keys()], parts));
      }),
      { numRuns },
    );
  });

  test('merging is associative: segments may be merged among each other first', () => {
    fc.assert(
      fc.property(fc.array(sighted), fc.array(sighted), fc.array(sighted), (one, two, three) => {
        const left = createStore();
        const pair = rowsOf(one);
        pair.merge(rowsOf(two).packed);
        left.merge({ writer: 'a', sequence: 0 }, pair.packed);
        left.merge({ writer: 'a', sequence: 1 }, rowsOf(three).packed);
        const right = createStore();
        const other = rowsOf(two);
        other.merge(rowsOf(three).packed);
        right.merge({ writer: 'a', sequence: 0 }, rowsOf(one).packed);
        right.merge({ writer: 'a', sequence: 1 }, other.packed);
        expect(contentOf(left)).toEqual(contentOf(right));
      }),
      { numRuns },
    );
  });

  test('a segment that comes again changes nothing; the same number of another writer is another segment', () => {
    fc.assert(
      fc.property(fc.array(sighted, { minLength: 1 }), sights => {
        const store = createStore();
        store.merge({ writer: 'a', sequence: 0 }, rowsOf(sights).packed);
        const once = contentOf(store);
        store.merge({ writer: 'a', sequence: 0 }, rowsOf(sights).packed);
        expect(contentOf(store)).toEqual(once);
        store.merge({ writer: 'b', sequence: 0 }, rowsOf(sights).packed);
        expect(contentOf(store).map(({ count }) => count)).toEqual(once.map(({ count }) => 2 * count));
      }),
      { numRuns },
    );
  });

  test('a segment gets its own claims back, whatever came since', () => {
    fc.assert(
      fc.property(fc.array(sighted), fc.array(sighted), (one, two) => {
        const store = createStore();
        const keysOf = (rows: Iterable<Row>) => [...rows].map(row => keyText(row)).sort();
        const first = store.merge({ writer: 'a', sequence: 0 }, rowsOf(one).packed);
        expect(keysOf(first)).toEqual(keysOf(rowsOf(one)));
        const second = store.merge({ writer: 'b', sequence: 0 }, rowsOf(two).packed);
        const known = new Set(keysOf(first));
        expect(keysOf(second)).toEqual(keysOf(rowsOf(two)).filter(key => !known.has(key)));
        expect(keysOf(store.merge({ writer: 'a', sequence: 0 }, rowsOf(one).packed))).toEqual(keysOf(first));
        store.close();
      }),
      { numRuns },
    );
  });

  test('looks up an entity, and counts who shows a value', () => {
    fc.assert(
      fc.property(fc.array(sighted, { minLength: 1 }), sights => {
        const store = createStore();
        store.merge({ writer: 'a', sequence: 0 }, rowsOf(sights).packed);
        const all = contentOf(store);
        for (const { entity, ...value } of all.slice(0, 3)) {
          const mine = all.filter(row => row.entity === entity);
          expect([...store.lookup(entity)].map(keyText).sort()).toEqual(mine.map(keyText).sort());
          const same = all.filter(row => keyText({ ...row, entity: 0 }) === keyText({ ...value, entity: 0 }));
          expect(store.prevalence(value)).toBe(same.length);
        }
        store.close();
      }),
      { numRuns },
    );
  });

  test('forgets what was not seen for long, but not since when an entity is known, nor what still comes', () => {
    const store = createStore();
    const at = (day: number, peer: number): Sighted => ({
      key: { trait: 0, entity: 1, peer, port: 443, transport: 1, name: 0 },
      ...{ time: MONDAY + day * DAY, bytes: 1, line: 1 },
    });
    store.merge({ writer: 'a', sequence: 0 }, rowsOf([at(0, 1), at(0, 2), at(50, 2), at(51, 3)]).packed);
    expect(store.expire(MONDAY + 40 * DAY)).toBe(1);
    expect(contentOf(store).map(({ peer }) => peer)).toEqual([2, 3]);
    expect([...store.knownBefore()]).toEqual([{ witness: 'sensor', entity: 1, first: MONDAY, last: MONDAY }]);
    expect(store.expire(MONDAY + 40 * DAY)).toBe(0);
    const again = store.merge({ writer: 'a', sequence: 1 }, rowsOf([at(52, 1), at(52, 2)]).packed);
    expect([...again].map(({ peer }) => peer)).toEqual([1]);
    expect([...store.scan()].map(({ peer, first }) => [peer, (first - MONDAY) / DAY])).toEqual(
      expect.arrayContaining([
        [1, 52],
        [2, 0],
        [3, 51],
      ]),
    );
    store.close();
  });
});

import fc from 'fast-check';
import type { RowKey } from '../src/baseline/row.ts';
import { createRows, type Rows } from '../src/baseline/rows.ts';
import { DAY } from '../src/value/time.ts';

export const MONDAY = 20458 * DAY;

export interface Sighted {
  readonly key: RowKey;
  readonly time: number;
  readonly bytes: number;
  readonly line: number;
}

/** Few keys and days, so that they meet. */
export const sighted: fc.Arbitrary<Sighted> = fc.record({
  key: fc.record({
    trait: fc.integer({ min: 0, max: 2 }),
    entity: fc.constantFrom(1, 2, 2 ** 32 - 1, 2 ** 32 + 7),
    peer: fc.constantFrom(-1, 3, 2 ** 32 + 9),
    port: fc.constantFrom(-1, 53, 443),
    transport: fc.integer({ min: 0, max: 1 }),
    name: fc.integer({ min: 0, max: 2 }),
  }),
  time: fc.integer({ min: 0, max: 45 * 24 }).map(hours => MONDAY + hours * (DAY / 24)),
  bytes: fc.integer({ min: 0, max: 1e9 }),
  line: fc.integer({ min: 1, max: 1e6 }),
});

export function rowsOf(sights: readonly Sighted[], segment = 0): Rows {
  const rows = createRows();
  for (const { key, time, bytes, line } of sights)
    rows.note(key, time, bytes, line * 7919, { segment, log: 1, line, uid: `C${line}` });
  return rows;
}

import { createRows } from '../rows.ts';
import type { BaselineStore } from './store.ts';

/** A baseline for one run. `mostRows`: how many rows it may hold. */
export function createMemoryStore(mostRows?: number): BaselineStore {
  const all = createRows(mostRows);
  const merged = new Set<string>();
  return {
    merge({ writer, sequence }, rows) {
      const segment = `${writer} ${sequence}`;
      if (merged.has(segment)) return;
      merged.add(segment);
      all.merge(rows);
    },
    scan: () => all,
    forgotten: all.packed.forgotten,
  };
}

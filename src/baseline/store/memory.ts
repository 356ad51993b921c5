import { createRows } from '../rows.ts';
import type { BaselineStore } from './store.ts';

/** A baseline for one run. */
export function createMemoryStore(): BaselineStore {
  const all = createRows();
  const merged = new Set<string>();
  return {
    merge({ writer, sequence }, rows) {
      const segment = `${writer} ${sequence}`;
      if (merged.has(segment)) return;
      merged.add(segment);
      all.merge(rows);
    },
    scan: () => all,
  };
}

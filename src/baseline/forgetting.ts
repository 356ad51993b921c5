import type { Address } from '../value/address.ts';
import type { PackedRows } from './packed-rows.ts';

/**
 * Which rows to forget so that at least so many fewer are left: of the entities with the most rows those that were seen
 * least recently, so that every other entity keeps all that it is known by. The busiest are brought down to one level.
 */
export function leastMissed(rows: PackedRows, surplus: number): ReadonlySet<number> {
  const byEntity = new Map<Address, number[]>();
  for (let index = 0; index < rows.size; index++) {
    const { entity } = rows.at(index);
    const known = byEntity.get(entity);
    if (known) known.push(index);
    else byEntity.set(entity, [index]);
  }
  const level = levelFor(
    [...byEntity.values()].map(({ length }) => length),
    surplus,
  );
  const forgotten = new Set<number>();
  for (const indexes of byEntity.values()) {
    if (indexes.length <= level) continue;
    const lasts = new Map(indexes.map(index => [index, rows.at(index).last]));
    indexes.sort((one, other) => (lasts.get(one) ?? 0) - (lasts.get(other) ?? 0) || one - other);
    for (const index of indexes.slice(0, indexes.length - level)) forgotten.add(index);
  }
  return forgotten;
}

/** The highest number that is to be left of each, so that together they lose as much as they must. */
function levelFor(counts: readonly number[], surplus: number): number {
  const sorted = [...counts].sort((one, other) => other - one);
  let together = 0;
  for (const [index, count] of sorted.entries()) {
    together += count;
    const level = Math.floor((together - surplus) / (index + 1));
    if (level >= (sorted[index + 1] ?? 0)) return Math.max(level, 0);
  }
  return 0;
}

import { DOUBLES, LAST, NAMED_ENTITY, type PackedRows, WORDS } from './packed-rows.ts';

/**
 * Marks the rows to forget, so many, with a 1: of the entities with the most rows those that were seen least recently. The
 * busiest are brought down towards one level; whoever has no more than that keeps all that it is known by.
 */
export function leastMissed(rows: PackedRows, surplus: number): Uint8Array {
  const lastOf = (index: number): number => rows.doubles[index * DOUBLES + LAST] ?? 0;
  // Numbers in arrays: there may be more rows than a Map has room for.
  const byEntity = new Uint32Array(rows.size).map((_, index) => index);
  byEntity.sort((one, other) => compareEntities(rows, one, other) || lastOf(other) - lastOf(one) || one - other);

  const ends: number[] = [];
  for (let at = 1; at <= rows.size; at++) {
    const isEnd = at === rows.size || compareEntities(rows, byEntity[at - 1] ?? 0, byEntity[at] ?? 0) !== 0;
    if (isEnd) ends.push(at);
  }
  const level = levelFor(
    Uint32Array.from(ends, (end, index) => end - (ends[index - 1] ?? 0)),
    surplus,
  );

  const candidates = new Uint32Array(rows.size);
  let count = 0;
  ends.forEach((end, index) => {
    for (let at = (ends[index - 1] ?? 0) + level; at < end; at++) candidates[count++] = byEntity[at] ?? 0;
  });
  const oldest = candidates.subarray(0, count).sort((one, other) => lastOf(one) - lastOf(other) || one - other);
  const isForgotten = new Uint8Array(rows.size);
  for (const index of oldest.subarray(0, surplus)) isForgotten[index] = 1;
  return isForgotten;
}

/** Any order, in which the rows of one entity stand together. */
function compareEntities({ words }: PackedRows, one: number, other: number): number {
  const [first, second] = [one * WORDS, other * WORDS];
  const difference = (words[first] ?? 0) - (words[second] ?? 0);
  return difference || ((words[first + 3] ?? 0) & NAMED_ENTITY) - ((words[second + 3] ?? 0) & NAMED_ENTITY);
}

/** The highest number that may be left of each, so that together they lose at least as much as they must. */
function levelFor(counts: Uint32Array, surplus: number): number {
  const sorted = counts.sort().reverse();
  let together = 0;
  for (let index = 0; index < sorted.length; index++) {
    together += sorted[index] ?? 0;
    const level = Math.floor((together - surplus) / (index + 1));
    if (level >= (sorted[index + 1] ?? 0)) return Math.max(level, 0);
  }
  return 0;
}

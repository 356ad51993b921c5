/** Puts a value under a key of a map, together with what is there already. */
export function joinInto<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  value: Value,
  join: (one: Value, other: Value) => Value,
): void {
  const known = map.get(key);
  map.set(key, known === undefined ? value : join(known, value));
}

/** Everything under its key, together where several have the same. */
export function joinedBy<Key, Value>(
  pairs: Iterable<readonly [Key, Value]>,
  join: (one: Value, other: Value) => Value,
): ReadonlyMap<Key, Value> {
  const joined = new Map<Key, Value>();
  for (const [key, value] of pairs) joinInto(joined, key, value, join);
  return joined;
}

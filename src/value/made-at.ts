/** What stands under a key, made where nothing does yet. Where strangers choose the keys, all are forgotten once there are `most`. */
export function madeAt<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  make: () => Value,
  most = Number.POSITIVE_INFINITY,
): Value {
  const known = map.get(key);
  if (known !== undefined || map.has(key)) return known as Value;
  const made = make();
  if (map.size >= most) map.clear();
  map.set(key, made);
  return made;
}

/** The list under a key, empty where there was none. */
export const listAt = <Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] => madeAt(lists, key, () => []);

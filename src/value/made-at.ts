/** What stands under a key, made where nothing does yet. */
export function madeAt<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined || map.has(key)) return known as Value;
  const made = make();
  map.set(key, made);
  return made;
}

/** The list under a key, empty where there was none. */
export const listAt = <Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] => madeAt(lists, key, () => []);

import { madeAt } from './made-at.ts';

/** What is made when it is asked for, and once. */
export function once<Value>(make: () => Value): () => Value {
  const made = lazily(make);
  return () => made(undefined);
}

/** The same of each key. */
export function lazily<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return key => madeAt(made, key, () => make(key));
}

import { closest, distance } from 'fastest-levenshtein';

/** The word that was probably meant, as the end of a message. */
export function suggestion(typed: string, words: readonly string[]): string {
  if (words.length === 0) return '';
  const best = closest(typed, [...words]);
  const steps = distance(typed, best);
  return steps > 0 && steps <= Math.max(2, typed.length / 3) ? ` (did you mean ${best}?)` : '';
}

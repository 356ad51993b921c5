/**
 * How many different things there are among many, in little room: a few by themselves, more as bits of a map, from which
 * their number is estimated (linear counting, Whang et al. 1990: within 3 % up to 20,000). Joining is commutative, associative
 * and replay-safe, and what is left depends on nothing but which things there were.
 */
export type Distinct = readonly number[];

/** So many hashes stand by themselves, in order. */
const MOST_APART = 256;
const WORDS = 256;
const BITS = 32 * WORDS;

export const distinctOf = (item: string): Distinct => [hashOf(item)];

export function joinedDistinct(one: Distinct, other: Distinct): Distinct {
  if (!isMap(one) && !isMap(other)) {
    // Mostly one more of those that there are.
    const [added] = other;
    if (other.length === 1 && added !== undefined && one.length < MOST_APART) {
      const place = one.findIndex(hash => hash >= added);
      if (place < 0) return [...one, added];
      return one[place] === added ? one : [...one.slice(0, place), added, ...one.slice(place)];
    }
    const all = [...new Set([...one, ...other])].sort((hash, next) => hash - next);
    return all.length <= MOST_APART ? all : mapOf(all);
  }
  const [single] = other;
  if (isMap(one) && other.length === 1 && single !== undefined && hasBit(one, single % BITS)) return one;
  const [map, added] = [isMap(one) ? one : mapOf(one), isMap(other) ? other : mapOf(other)];
  return map.map((word, index) => (word | (added[index] ?? 0)) >>> 0);
}

/** Up to so many are counted, and not estimated. */
export const EXACT = MOST_APART;

/** How many there were; of more than there is room for the most that can be told. */
export function countOf(distinct: Distinct): number {
  if (!isMap(distinct)) return distinct.length;
  const empty = BITS - distinct.reduce((sum, word) => sum + onesIn(word), 0);
  return Math.round(BITS * Math.log(BITS / Math.max(1, empty)));
}

/** A map has one word more than stand apart: so that both are lists of numbers, and can be told from each other. */
const isMap = ({ length }: Distinct): boolean => length > MOST_APART;

function mapOf(hashes: Distinct): Distinct {
  const words = new Array<number>(WORDS + 1).fill(0);
  for (const hash of hashes) {
    const bit = hash % BITS;
    words[bit >>> 5] = ((words[bit >>> 5] ?? 0) | (1 << (bit & 31))) >>> 0;
  }
  return words;
}

const hasBit = (map: Distinct, bit: number): boolean => ((map[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;

/** FNV-1a (RFC draft eastlake-fnv), with the bits mixed once more. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function onesIn(word: number): number {
  let ones = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) ones++;
  return ones;
}

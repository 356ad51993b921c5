/** By their characters' numbers: the same order on every machine, whatever its language. */
export const inTextOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const LEAST = 23;

/** The power of two that so many bytes reach; 0 of fewer than 8 MiB. */
export const magnitudeOf = (bytes: number): number => (bytes < 2 ** LEAST ? 0 : Math.floor(Math.log2(bytes)));

import type { Row } from './row.ts';

/**
 * Whether each flow of a row was counted twice: because two sensors saw them, or because a log is there twice. Their marks
 * then cancel out, however they came; by chance that happens to one row in four thousand million. Where only some were seen
 * twice, or one sensor's clock is not the other's, nothing cancels out, and all are counted as they came.
 */
export const isTwice = ({ marks, count }: Pick<Row, 'marks' | 'count'>): boolean =>
  marks === 0 && count > 1 && count % 2 === 0;

/** The same row with each flow counted once; of the bytes, which no two sensors count alike, the mean. */
export const countedOnce = (row: Row): Row =>
  Object.create(row, { count: { value: row.count / 2 }, bytes: { value: row.bytes / 2 } });

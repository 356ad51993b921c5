import { open } from 'node:fs/promises';
import { packingOf } from './packing.ts';
import { encodingOf, LONGEST_BEGINNING, shapeOf } from './shape.ts';
import type { Source } from './sources.ts';

/** How a file's records lie: a line each, in a text that is packed, or in one that must be told again as lines. */
export type Layout = 'packed' | 'shaped' | 'lines';

/** What cannot be opened is one segment too, and says so when it is read. */
export async function layoutOf({ name }: Source): Promise<Layout> {
  const file = await open(name).catch(() => undefined);
  if (!file) return 'packed';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_BEGINNING), 0, LONGEST_BEGINNING);
    const bytes = buffer.subarray(0, bytesRead);
    return packingOf(bytes) ? 'packed' : isShaped(bytes) ? 'shaped' : 'lines';
  } finally {
    await file.close();
  }
}

/** Whether a text that begins so has no record a line. */
export const isShaped = (bytes: Buffer): boolean => encodingOf(bytes) !== undefined || shapeOf(bytes) !== undefined;

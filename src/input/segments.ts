import { open } from 'node:fs/promises';
import { isGzip } from './bytes.ts';
import type { Source } from './sources.ts';

/** A part of a source that is read by itself: the lines that begin in it. */
export interface Segment {
  readonly source: Source;
  /** The first byte, and the one after the last; undefined is the end of the source, wherever that will be. */
  readonly from: number;
  readonly to: number | undefined;
  /** So many bytes of the source are read before, for what they say of the lines that follow: a header, a format. */
  readonly prelude: number;
}

/** Small enough that the last one keeps nobody waiting, large enough that what is left of it is small beside it. */
export const SEGMENT_LENGTH = 32 << 20;

/** How sources are cut, in bytes. */
export interface Cut {
  readonly length: number;
  readonly prelude: number;
}

/** A prelude is longer than any header. */
const CUT: Cut = { length: SEGMENT_LENGTH, prelude: 64 << 10 };

/** All segments of all sources, in order. What is compressed, or comes through a pipe, is one. */
export async function segmentsOf(
  sources: readonly Source[],
  { length, prelude }: Cut = CUT,
): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for (const source of sources) {
    const { size = 0 } = source;
    const parts = size > length && (await isPlain(source)) ? Math.ceil(size / length) : 1;
    for (let part = 0; part < parts; part++) {
      const from = part * length;
      const to = part === parts - 1 ? undefined : from + length;
      segments.push({ source, from, to, prelude: Math.min(from, prelude) });
    }
  }
  return segments;
}

/** Everything from a segment on, read with all that stands before it in mind. */
export const restFrom = ({ source, from }: Segment): Segment => ({ source, from, to: undefined, prelude: from });

/** What cannot be opened is one segment too, and says so when it is read. */
async function isPlain({ name }: Source): Promise<boolean> {
  const file = await open(name).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2);
    return !isGzip(buffer);
  } finally {
    await file.close();
  }
}

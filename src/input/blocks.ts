/** A line that nobody could have meant: it is skipped to its end, so that it cannot fill the memory. */
const LONGEST_LINE = 8 << 20;

/** Whole lines, or the length of a line that was too long to be kept. */
export type Piece =
  | { readonly kind: 'lines'; readonly bytes: Buffer }
  | { readonly kind: 'too-long'; readonly bytes: number };

const LINE_FEED = 10;
/** However large a chunk comes, so much of it is looked at together. */
const PORTION = 1 << 20;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Chunks as they come, regrouped so that each piece ends with a line; a last line without an end counts as one.
 * `isMiddle`: they are not a source's first.
 */
export async function* blocksOf(
  chunks: AsyncIterable<Buffer>,
  { longest = LONGEST_LINE, isMiddle = false } = {},
): AsyncGenerator<Piece> {
  let carried: Buffer[] = [];
  let carriedBytes = 0;
  let skipped = 0;
  let isStart = !isMiddle;

  for await (const chunk of portionsOf(chunks)) {
    let bytes = isStart && chunk.subarray(0, 3).equals(BYTE_ORDER_MARK) ? chunk.subarray(3) : chunk;
    isStart = false;
    if (skipped > 0) {
      const feed = bytes.indexOf(LINE_FEED);
      skipped += feed < 0 ? bytes.length : feed;
      if (feed < 0) continue;
      yield { kind: 'too-long', bytes: skipped };
      skipped = 0;
      bytes = bytes.subarray(feed + 1);
    }
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield { kind: 'lines', bytes: Buffer.concat([...carried, bytes.subarray(0, end)]) };
      carried = [];
      carriedBytes = 0;
    }
    const tail = bytes.subarray(end);
    if (tail.length > 0) carried.push(tail);
    carriedBytes += tail.length;
    if (carriedBytes > longest) {
      skipped = carriedBytes;
      carried = [];
      carriedBytes = 0;
    }
  }
  if (skipped > 0) yield { kind: 'too-long', bytes: skipped };
  if (carriedBytes > 0) yield { kind: 'lines', bytes: Buffer.concat(carried) };
}

async function* portionsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += PORTION) yield chunk.subarray(at, at + PORTION);
  }
}

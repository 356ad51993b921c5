import type { ByteStream } from './byte-stream.ts';

/** A line that nobody could have meant: it is skipped to its end, so that it cannot fill the memory. */
const LONGEST_LINE = 8 << 20;

/** Whole lines, which stand there until the next piece is asked for; or the length of a line that was too long to be kept. `mark`: a byte order mark that stood before them. */
export type Piece =
  | { readonly kind: 'lines'; readonly bytes: Buffer; readonly mark?: Buffer }
  | { readonly kind: 'too-long'; readonly bytes: number };

interface Reading {
  /** Where lines are read into; those that are longer find room elsewhere, up to the longest. */
  readonly room: Buffer;
  readonly longest?: number;
  /** The bytes are not a source's first. */
  readonly isMiddle?: boolean;
}

const LINE_FEED = 10;
/** So much is read at a time: what a processor's own cache holds. */
const PORTION = 1 << 20;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A stream in pieces that end with a line; a last line without an end counts as one. It is closed in the end. */
export async function* blocksOf(
  stream: ByteStream,
  { room, longest = LONGEST_LINE, isMiddle = false }: Reading,
): AsyncGenerator<Piece> {
  let isStart = !isMiddle;
  const lines = (bytes: Buffer): Piece => {
    const hasMark = isStart && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    isStart = false;
    if (!hasMark) return { kind: 'lines', bytes };
    return { kind: 'lines', bytes: bytes.subarray(BYTE_ORDER_MARK.length), mark: BYTE_ORDER_MARK };
  };
  /** What stands in the room of a line that has not ended yet, and what had no room any more. */
  let kept = 0;
  let long = longLine(longest);

  try {
    for (;;) {
      if (kept === room.length) {
        long.add(room);
        kept = 0;
      }
      const count = await stream.read(room.subarray(kept, kept + PORTION));
      if (count === 0) break;
      let from = 0;
      if (long.length > 0) {
        from = room.subarray(0, kept + count).indexOf(LINE_FEED) + 1;
        if (from > 0) {
          long.add(room.subarray(0, from));
          yield long.bytes ? lines(long.bytes) : { kind: 'too-long', bytes: long.length - 1 };
          long = longLine(longest);
        }
      }
      const filled = room.subarray(0, kept + count);
      const end = filled.lastIndexOf(LINE_FEED) + 1;
      if (end > from) yield lines(filled.subarray(from, end));
      kept = filled.length - end;
      if (end > 0) room.copyWithin(0, end, filled.length);
    }
    if (long.length > 0) {
      long.add(room.subarray(0, kept));
      yield long.bytes ? lines(long.bytes) : { kind: 'too-long', bytes: long.length };
    } else if (kept > 0) yield lines(room.subarray(0, kept));
  } finally {
    await stream.close();
  }
}

/** A line in parts, as long as it is not too long. */
function longLine(longest: number) {
  let parts: Buffer[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(bytes: Buffer) {
      length += bytes.length;
      if (length <= longest + 1) parts.push(Buffer.from(bytes));
      else parts = [];
    },
    /** Undefined for a line that was too long. */
    get bytes() {
      return length <= longest + 1 ? Buffer.concat(parts) : undefined;
    },
  };
}

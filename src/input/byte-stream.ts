import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that come one portion after the other, to wherever the reader wants them. */
export interface ByteStream {
  /** Puts what comes next at the beginning of a buffer, and says how many bytes that is; 0 at the end. */
  read(into: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** Hears of every byte that is read, as it is stored. */
export type Meter = (bytes: number) => void;

/**
 * A regular file from a byte on. It is opened when it is first read, and read at once: to ask another thread for 512 KiB
 * takes three times as long as to copy them from the page cache. Signals and messages have their turn in between.
 */
export function fileFrom(name: string, from: number, meter: Meter): ByteStream {
  let at = from;
  let file: number | undefined;
  let isClosed = false;
  return {
    async read(into) {
      await new Promise(setImmediate);
      if (isClosed) return 0;
      file ??= openSync(name, 'r');
      const count = readSync(file, into, 0, into.length, at);
      at += count;
      meter(count);
      return count;
    },
    async close() {
      isClosed = true;
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** Chunks as they come, of any size. */
export function chunked(chunks: AsyncIterable<Buffer>): ByteStream {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return {
    async read(into) {
      while (rest.length === 0) {
        const next = await iterator.next();
        if (next.done) return 0;
        rest = next.value;
      }
      const count = rest.copy(into);
      rest = rest.subarray(count);
      return count;
    },
    async close() {
      await iterator.return?.();
    },
  };
}

/**
 * The first bytes of a stream, as many as there are or fewer where those are enough (nobody may be writing more for a
 * while); and the stream as it was before they were read.
 */
export async function peek(
  stream: ByteStream,
  length: number,
  isEnough = (_: Buffer): boolean => false,
): Promise<{ first: Buffer; whole: ByteStream }> {
  const room = Buffer.alloc(length);
  let end = 0;
  for (let count = -1; end < length && count !== 0 && !isEnough(room.subarray(0, end)); end += count)
    count = await stream.read(room.subarray(end));
  const first = room.subarray(0, end);
  let rest = first;
  return {
    first,
    whole: {
      async read(into) {
        if (rest.length === 0) return stream.read(into);
        const count = rest.copy(into);
        rest = rest.subarray(count);
        return count;
      },
      close: stream.close,
    },
  };
}

/** A part of a stream: what stands before it is read, and forgotten. */
export function cut(stream: ByteStream, from: number, to = Number.POSITIVE_INFINITY): ByteStream {
  let at = 0;
  const read = async (into: Buffer): Promise<number> => {
    const count = await stream.read(into.subarray(0, Math.min(into.length, to - at)));
    const start = Math.min(count, Math.max(0, from - at));
    at += count;
    if (count === 0) return 0;
    if (start === count) return read(into);
    if (start > 0) into.copyWithin(0, start, count);
    return count - start;
  };
  return { read, close: stream.close };
}

/** So much of the beginning and of the end of a text tells it from others. */
export const PRINT = 4096;

/** So much packed data is read at a time. */
export const CHUNK = 1 << 18;

/** A stream in chunks of their own. */
export async function* chunksOf(stream: ByteStream): AsyncGenerator<Buffer> {
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(CHUNK);
    const count = await stream.read(chunk);
    if (count === 0) return;
    yield chunk.subarray(0, count);
  }
}

/** How much a stream may unpack to: so many bytes, and from some bytes on so many times what it is packed. */
interface Bounds {
  readonly most: number;
  readonly ratio: number;
  readonly ratioFrom: number;
}

/** Logs pack to a tenth, and hardly to a hundredth; whoever packs a terabyte of nothing into a mail means harm. */
const BOUNDS: Bounds = { most: 2 ** 40, ratio: 500, ratioFrom: 1 << 28 };

/** A stream that is not trusted: it ends with an error where it unpacks to more than anybody would log. */
export function bounded(unpacked: ByteStream, packedBytes: () => number, bounds = BOUNDS): ByteStream {
  let count = 0;
  return {
    async read(into) {
      const { most, ratio, ratioFrom } = bounds;
      if (count > most) throw new Error(`it unpacks to more than ${most} bytes: the rest was not read`);
      if (count > ratioFrom && count > ratio * packedBytes())
        throw new Error(`it unpacks to more than ${ratio} times its size, as no log does: the rest was not read`);
      const more = await unpacked.read(into);
      count += more;
      return more;
    },
    close: unpacked.close,
  };
}

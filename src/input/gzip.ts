import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { type ByteStream, CHUNK, chunked, chunksOf } from './byte-stream.ts';
import { createInflation, type Inflation } from './inflate.ts';

/**
 * What gzip data holds, one member or many, to its end or to where it breaks. At a break zlib does not say what the bytes
 * before it had given: then all is unpacked again with ever smaller bytes at a time, and what was given already is passed
 * over. `again` begins to read the same bytes anew; undefined where that cannot be done.
 */
export function gunzipped(packed: ByteStream, again: (() => ByteStream) | undefined): ByteStream {
  const inflation = createInflation();
  const unpacked = inflation ? inflated(packed, inflation) : chunked(streamed(packed));
  let given = 0;
  let tail: ByteStream | undefined;
  return {
    async read(into) {
      if (tail) return tail.read(into);
      try {
        const count = await unpacked.read(into);
        given += count;
        return count;
      } catch (cause) {
        if (!again || !isDamage(cause)) throw cause;
        tail = chunked(upToBreak(again, given, cause));
        return tail.read(into);
      }
    },
    async close() {
      await unpacked.close();
      await tail?.close();
    },
  };
}

function inflated(packed: ByteStream, inflation: Inflation): ByteStream {
  const room = Buffer.allocUnsafeSlow(CHUNK);
  let input = room.subarray(0, 0);
  let isEnd = false;
  return {
    async read(into) {
      for (;;) {
        if (input.length === 0 && !isEnd) {
          input = room.subarray(0, await packed.read(room));
          isEnd = input.length === 0;
        }
        const { consumed, produced } = inflation.unpack(input, into, isEnd);
        input = input.subarray(consumed);
        // Padding behind the data is left alone.
        if (produced > 0 || isEnd || consumed === 0) return produced;
      }
    },
    async close() {
      inflation.close();
    },
  };
}

/** The same by Node's public means. */
function streamed(packed: ByteStream): AsyncIterable<Buffer> {
  return pipeline(Readable.from(chunksOf(packed)), createGunzip({ chunkSize: CHUNK }), failuresReachTheLoop);
}

const failuresReachTheLoop = (): void => {};

/** Not an end that comes too early: of that nothing is dropped. */
const isDamage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'Z_DATA_ERROR';

/** What comes after so many unpacked bytes, and then the failure. */
async function* upToBreak(again: () => ByteStream, given: number, cause: unknown): AsyncGenerator<Buffer> {
  const near = yield* untilBreak(again(), { given, fineFrom: 0, step: 1 << 10 });
  yield* untilBreak(again(), { given: near.given, fineFrom: near.at, step: 1 });
  throw cause;
}

interface Approach {
  /** So many unpacked bytes are known already. */
  readonly given: number;
  /** From this compressed byte on so many go in at a time. */
  readonly fineFrom: number;
  readonly step: number;
}

/** Gives what is not known yet, and says how far it came: in compressed bytes, and in unpacked ones. */
async function* untilBreak(
  packed: ByteStream,
  { given, fineFrom, step }: Approach,
): AsyncGenerator<Buffer, { readonly at: number; readonly given: number }> {
  const gunzip = createGunzip({ chunkSize: CHUNK, flush: constants.Z_SYNC_FLUSH });
  let isBroken = false;
  gunzip.setMaxListeners(0).on('error', () => {
    isBroken = true;
  });
  const fresh: Buffer[] = [];
  let unpacked = 0;
  gunzip.on('data', (piece: Buffer) => {
    const known = Math.max(0, given - unpacked);
    if (piece.length > known) fresh.push(piece.subarray(known));
    unpacked += piece.length;
  });

  const put = (bytes: Buffer): Promise<void> =>
    new Promise(done => {
      gunzip.once('error', () => done());
      gunzip.write(bytes, () => done());
    });

  let at = 0;
  try {
    for await (const chunk of chunksOf(packed)) {
      for (let start = 0; start < chunk.length; ) {
        const most = at < fineFrom ? Math.min(CHUNK, fineFrom - at) : step;
        const bytes = chunk.subarray(start, start + most);
        await put(bytes);
        yield* fresh.splice(0);
        if (isBroken) return { at, given: Math.max(given, unpacked) };
        start += bytes.length;
        at += bytes.length;
      }
    }
    return { at, given: Math.max(given, unpacked) };
  } finally {
    gunzip.destroy();
    await packed.close();
  }
}

import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';

const CHUNK = 1 << 18;

/**
 * What gzip data holds, one member or many, to its end or to where it breaks. At a break Node drops what the bytes before
 * it had given: then all is unpacked again with ever smaller bytes at a time, and what was given already is passed over.
 * `again` begins to read the same bytes anew; undefined where that cannot be done.
 */
export async function* unzipped(
  chunks: AsyncIterable<Buffer>,
  again: (() => AsyncIterable<Buffer>) | undefined,
): AsyncGenerator<Buffer> {
  let given = 0;
  try {
    for await (const piece of pipeline(
      Readable.from(chunks),
      createGunzip({ chunkSize: CHUNK }),
      failuresReachTheLoop,
    )) {
      given += piece.length;
      yield piece;
    }
  } catch (cause) {
    if (!again || !isDamage(cause)) throw cause;
    const near = yield* untilBreak(again(), { given, fineFrom: 0, step: 1 << 10 });
    yield* untilBreak(again(), { given: near.given, fineFrom: near.at, step: 1 });
    throw cause;
  }
}

const failuresReachTheLoop = (): void => {};

/** Not an end that comes too early: of that nothing is dropped. */
const isDamage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'Z_DATA_ERROR';

interface Approach {
  /** So many unpacked bytes are known already. */
  readonly given: number;
  /** From this compressed byte on so many go in at a time. */
  readonly fineFrom: number;
  readonly step: number;
}

/** Gives what is not known yet, and says how far it came: in compressed bytes, and in unpacked ones. */
async function* untilBreak(
  chunks: AsyncIterable<Buffer>,
  { given, fineFrom, step }: Approach,
): AsyncGenerator<Buffer, { readonly at: number; readonly given: number }> {
  const gunzip = createGunzip({ chunkSize: CHUNK, flush: constants.Z_SYNC_FLUSH });
  let isBroken = false;
  gunzip.on('error', () => {
    isBroken = true;
  });
  const fresh: Buffer[] = [];
  let unpacked = 0;
  gunzip.on('data', (piece: Buffer) => {
    const known = Math.max(0, given - unpacked);
    if (piece.length > known) fresh.push(piece.subarray(known));
    unpacked += piece.length;
  });

  let at = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      const most = at < fineFrom ? Math.min(CHUNK, fineFrom - at) : step;
      const bytes = chunk.subarray(start, start + most);
      await new Promise(done => {
        gunzip.once('error', done);
        gunzip.write(bytes, () => {
          gunzip.off('error', done);
          done(undefined);
        });
      });
      yield* fresh.splice(0);
      if (isBroken) return { at, given: Math.max(given, unpacked) };
      start += bytes.length;
      at += bytes.length;
    }
  }
  gunzip.destroy();
  return { at, given: Math.max(given, unpacked) };
}

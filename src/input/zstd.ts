import { type ByteStream, chunked, chunksOf } from './byte-stream.ts';

/**
 * What zstd data holds, one frame or many. Node's own createZstdDecompress (22.15 to 24) is faster, but ends without a
 * word after the first frame, and what parallel packers and `cat` put together has many.
 * Checksums are not looked at.
 */
export const unpackedZstd = (packed: ByteStream): ByteStream => chunked(unpacked(packed));

async function* unpacked(packed: ByteStream): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd');
  const ready: Buffer[] = [];
  const unpacking = new Decompress(bytes => ready.push(Buffer.from(bytes)));
  for await (const chunk of chunksOf(packed)) {
    for (let at = 0; at < chunk.length; at += STEP) {
      let failure: unknown;
      try {
        unpacking.push(chunk.subarray(at, at + STEP));
      } catch (error) {
        failure = error;
      }
      // What came before a fault is given all the same.
      yield* ready.splice(0);
      if (failure) throw failure;
    }
  }
  unpacking.push(new Uint8Array(0), true);
  yield* ready;
}

/** So few bytes at a time, because all that they unpack to is there at once: four of them may be 128 KiB. */
const STEP = 1 << 12;

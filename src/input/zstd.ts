import { type ByteStream, chunked, chunksOf } from './byte-stream.ts';

/**
 * What zstd data holds, one frame or many. Node's own createZstdDecompress (22.15 to 24) is faster, but ends without a
 * word after the first frame, and what parallel packers and `cat` put together has many.
 */
export const unpackedZstd = (packed: ByteStream): ByteStream => chunked(unpacked(packed));

async function* unpacked(packed: ByteStream): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd');
  const ready: Buffer[] = [];
  const unpacking = new Decompress(bytes => ready.push(Buffer.from(bytes)));
  for await (const chunk of chunksOf(packed)) {
    unpacking.push(chunk);
    yield* ready.splice(0);
  }
  unpacking.push(new Uint8Array(0), true);
  yield* ready;
}

import { open, stat } from 'node:fs/promises';
import { chunksOf, fileFrom } from './byte-stream.ts';

/**
 * Whether a gzip file holds just what lies beside it plain, by what its end says of its data (RFC 1952 section 2.3.1): the
 * length, and the checksum, for which the plain file is read. While a log is packed, and after a copy, there are both.
 */
export async function isPackedFrom(packed: string, plain: string): Promise<boolean> {
  const end = await trailerOf(packed).catch(() => undefined);
  if (!end) return false;
  const { size } = await stat(plain);
  return size % 2 ** 32 === end.length && (await checksumOf(plain).catch(() => undefined)) === end.checksum;
}

const TRAILER = 8;

async function trailerOf(name: string) {
  const file = await open(name);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TRAILER), 0, TRAILER, Math.max(0, size - TRAILER));
    return bytesRead < TRAILER ? undefined : { checksum: buffer.readUInt32LE(0), length: buffer.readUInt32LE(4) };
  } finally {
    await file.close();
  }
}

async function checksumOf(name: string): Promise<number> {
  let remainder = 0xffffffff;
  for await (const chunk of chunksOf(fileFrom(name, 0, () => {}))) {
    for (const byte of chunk) remainder = (table[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8);
  }
  return (remainder ^ 0xffffffff) >>> 0;
}

/** CRC-32 by bytes (RFC 1952 section 8): Node's own came with 20.15 and 22.2. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  return remainder;
});

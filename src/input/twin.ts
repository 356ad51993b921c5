import { open, stat } from 'node:fs/promises';
import { CHUNK, fileFrom } from './byte-stream.ts';
import { unpacked } from './packing.ts';

/** Whether a gzip file holds just what lies beside it plain: while a log is packed, and after a copy, there are both. */
export async function isPackedFrom(packed: string, plain: string): Promise<boolean> {
  try {
    const { size } = await stat(plain);
    return (await lengthAtEnd(packed)) === size % 2 ** 32 && (await areSame(packed, plain));
  } catch {
    // Whoever reads them will say why that cannot be done.
    return false;
  }
}

const TRAILER = 4;

/** What the end of a gzip file says of the length of its (last) data, modulo 4 GiB (RFC 1952 section 2.3.1). */
async function lengthAtEnd(name: string): Promise<number | undefined> {
  const file = await open(name);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TRAILER), 0, TRAILER, Math.max(0, size - TRAILER));
    return bytesRead < TRAILER ? undefined : buffer.readUInt32LE(0);
  } finally {
    await file.close();
  }
}

async function areSame(packed: string, plain: string): Promise<boolean> {
  const stored = fileFrom(packed, 0, () => {});
  const whole = fileFrom(plain, 0, () => {});
  try {
    const { bytes } = await unpacked(stored, undefined);
    const one = Buffer.alloc(CHUNK);
    const other = Buffer.alloc(CHUNK);
    for (;;) {
      const count = await bytes.read(one);
      if (count === 0) return (await whole.read(other)) === 0;
      for (let at = 0; at < count; ) {
        const more = await whole.read(other.subarray(0, count - at));
        if (more === 0 || one.compare(other, 0, more, at, at + more) !== 0) return false;
        at += more;
      }
    }
  } finally {
    await stored.close();
    await whole.close();
  }
}

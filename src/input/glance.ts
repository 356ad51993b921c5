import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { cut } from './byte-stream.ts';
import { bytesOf } from './bytes.ts';
import type { Source } from './sources.ts';

/** So much of the beginning and of the end tells what is in a file. */
const HEAD = 32 << 10;
const TAIL = 8 << 10;

/** How the text of a file begins, unpacked, and how the file ends; undefined where it cannot be read, which whoever reads it will say. */
export async function glanceAt(source: Source): Promise<string | undefined> {
  const inlet = { stdin: Readable.from([]), interrupt: new AbortController().signal };
  const bytes = cut(
    bytesOf(source, inlet, () => {}),
    0,
    HEAD,
  );
  try {
    const room = Buffer.alloc(HEAD);
    let length = 0;
    for (let count = -1; count !== 0; length += count) count = await bytes.read(room.subarray(length));
    return room.toString('latin1', 0, length) + (await endOf(source));
  } catch {
    return undefined;
  } finally {
    await bytes.close().catch(() => {});
  }
}

/** What was put behind other lines; of a packed file nothing that anybody can read. */
async function endOf({ name, size = 0 }: Source): Promise<string> {
  if (size <= HEAD) return '';
  const file = await open(name);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL), 0, TAIL, Math.max(HEAD, size - TAIL));
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

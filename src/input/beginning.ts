import { Readable } from 'node:stream';
import { cut } from './byte-stream.ts';
import { bytesOf } from './bytes.ts';
import type { Source } from './sources.ts';

/** So much tells what is in a file. */
const GLANCE = 16 << 10;

/** How the text of a file begins, unpacked; nothing where it cannot be read, which whoever reads it will say. */
export async function beginningOf(source: Source): Promise<string> {
  const inlet = { stdin: Readable.from([]), interrupt: new AbortController().signal };
  const bytes = cut(
    bytesOf(source, inlet, () => {}),
    0,
    GLANCE,
  );
  try {
    const room = Buffer.alloc(GLANCE);
    let length = 0;
    for (let count = -1; count !== 0; length += count) count = await bytes.read(room.subarray(length));
    return room.toString('latin1', 0, length);
  } catch {
    return '';
  } finally {
    await bytes.close().catch(() => {});
  }
}

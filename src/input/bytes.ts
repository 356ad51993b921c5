import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { unzipped } from './gzip.ts';
import { reasonOf } from './reason.ts';
import { type Source, STDIN } from './sources.ts';

/** A source that ends before its end; what came before has been read. */
export class BrokenSource extends Error {
  override readonly name = 'BrokenSource';
}

/** Why a source ends that nobody wants to be read to its end. */
export const INTERRUPTED = 'interrupted';

const CHUNK = 1 << 18;
const LINE_FEED = 10;

/** Hears of every byte that is read, as it is stored. */
export type Meter = (bytes: number) => void;

/** What comes from standard input, until somebody does not want to wait any longer. */
export interface Inlet {
  readonly stdin: Readable;
  readonly interrupt: AbortSignal;
}

/** The bytes of a source, decompressed where they are gzip (one member or many), whatever its name. */
export async function* bytesOf(source: Source, { stdin, interrupt }: Inlet, meter: Meter): AsyncGenerator<Buffer> {
  const raw =
    source.name === STDIN
      ? addAbortSignal(interrupt, stdin)
      : createReadStream(source.name, { highWaterMark: CHUNK, signal: interrupt });
  const chunks: AsyncIterator<Buffer> = metered(raw, meter);
  try {
    const first = await beginningOf(chunks);
    const whole = rest(first, chunks);
    const isAnew = source.name !== STDIN && source.size !== undefined;
    yield* isGzip(first) ? unzipped(whole, isAnew ? () => createReadStream(source.name) : undefined) : whole;
  } catch (cause) {
    throw new BrokenSource(brokenBecause(cause), { cause });
  }
}

async function* metered(chunks: AsyncIterable<Buffer>, meter: Meter): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    meter(chunk.length);
    yield chunk;
  }
}

/** So much at least that it shows what it is, if there is so much. */
async function beginningOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let beginning: Buffer = Buffer.alloc(0);
  while (beginning.length < LONGEST_SIGN) {
    const next = await chunks.next();
    if (next.done) break;
    beginning = beginning.length === 0 ? next.value : Buffer.concat([beginning, next.value]);
  }
  return beginning;
}

/** Of gzip two bytes, of a byte order mark three. */
const LONGEST_SIGN = 3;

export const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes of the lines of a plain file that begin in a part of it. */
export async function* linesIn(
  { name }: Source,
  from: number,
  to = Number.POSITIVE_INFINITY,
  meter: Meter = () => {},
): AsyncGenerator<Buffer> {
  // The byte before tells whether a line begins at `from`.
  let at = Math.max(0, from - 1);
  let isBegun = from === 0;
  try {
    for await (const bytes of metered(createReadStream(name, { start: at, highWaterMark: CHUNK }), meter)) {
      let start = 0;
      if (!isBegun) {
        start = bytes.indexOf(LINE_FEED) + 1;
        isBegun = start > 0;
        if (at + start >= to) return;
      }
      // The line that holds the last byte of the part is the last.
      const last = to - 1 - at;
      const feed = isBegun && last < bytes.length ? bytes.indexOf(LINE_FEED, Math.max(last, start)) : -1;
      if (isBegun) yield bytes.subarray(start, feed < 0 ? undefined : feed + 1);
      if (feed >= 0) return;
      at += bytes.length;
    }
  } catch (cause) {
    throw new BrokenSource(brokenBecause(cause), { cause });
  }
}

async function* rest(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

function brokenBecause(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ABORT_ERR') return INTERRUPTED;
  if (code === 'Z_BUF_ERROR') return 'its gzip data is cut short';
  // The first member's header was seen before anything was decompressed.
  if (error instanceof Error && error.message === 'incorrect header check')
    return 'what follows its gzip data is not gzip, and was not read';
  return code.startsWith('Z_') ? 'its gzip data is damaged' : reasonOf(error);
}

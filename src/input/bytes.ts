import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { type ByteStream, bounded, chunked, fileFrom, type Meter } from './byte-stream.ts';
import { type Packing, unpacked } from './packing.ts';
import { reasonOf } from './reason.ts';
import { type Source, STDIN } from './sources.ts';
import { asUtf8 } from './utf16.ts';

/** A source that ends before its end; what came before has been read. */
export class BrokenSource extends Error {
  override readonly name = 'BrokenSource';
}

/** Why a source ends that nobody wants to be read to its end. */
export const INTERRUPTED = 'interrupted';

const LINE_FEED = 10;
const NEVER_MIND: Meter = () => {};

/** What comes from standard input, until somebody does not want to wait any longer. */
export interface Inlet {
  readonly stdin: Readable;
  readonly interrupt: AbortSignal;
}

/** The text of a source, unpacked where it is packed, whatever its name. */
export function bytesOf(source: Source, inlet: Inlet, meter: Meter): ByteStream {
  let packedBytes = 0;
  const raw = rawBytes(source, inlet, bytes => {
    packedBytes += bytes;
    meter(bytes);
  });
  const again = isFile(source) ? () => fileFrom(source.name, 0, NEVER_MIND) : undefined;
  return textOf(raw, () => packedBytes, again);
}

/** A stream as text in UTF-8, unpacked where it is packed; `again` begins to read the same bytes anew. */
export function textOf(raw: ByteStream, packedBytes: () => number, again?: () => ByteStream): ByteStream {
  let opened: ByteStream | undefined;
  let packing: Packing | undefined;
  const open = async (): Promise<ByteStream> => {
    const found = await unpacked(raw, again);
    packing = found.packing;
    return asUtf8(packing ? bounded(found.bytes, packedBytes) : found.bytes);
  };
  const read = async (into: Buffer): Promise<number> => {
    opened ??= await open();
    return opened.read(into);
  };
  return {
    read: into => read(into).catch(cause => broken(cause, packing)),
    async close() {
      await opened?.close();
      await raw.close();
    },
  };
}

/** Not a pipe, whatever its name. */
const isFile = ({ name, size }: Source): boolean => name !== STDIN && size !== undefined;

function rawBytes(source: Source, { stdin, interrupt }: Inlet, meter: Meter): ByteStream {
  if (isFile(source)) return fileFrom(source.name, 0, meter);
  const stream =
    source.name === STDIN ? addAbortSignal(interrupt, stdin) : createReadStream(source.name, { signal: interrupt });
  return chunked(metered(stream, meter));
}

async function* metered(chunks: AsyncIterable<Buffer>, meter: Meter): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    meter(chunk.length);
    yield chunk;
  }
}

/** The bytes of the lines of a plain file that begin in a part of it. */
export function linesIn(
  { name }: Source,
  from: number,
  to = Number.POSITIVE_INFINITY,
  meter: Meter = NEVER_MIND,
): ByteStream {
  // The byte before tells whether a line begins at `from`.
  let at = Math.max(0, from - 1);
  const file = fileFrom(name, at, meter);
  let isBegun = from === 0;
  let isOver = false;

  const read = async (into: Buffer): Promise<number> => {
    if (isOver) return 0;
    const count = await file.read(into);
    const bytes = into.subarray(0, count);
    let start = 0;
    if (!isBegun) {
      start = bytes.indexOf(LINE_FEED) + 1;
      isBegun = start > 0;
      isOver = at + start >= to;
    }
    // The line that holds the last byte of the part is the last.
    const last = to - 1 - at;
    const feed = isBegun && last < count ? bytes.indexOf(LINE_FEED, Math.max(last, start)) : -1;
    at += count;
    if (isOver || count === 0) return 0;
    isOver = feed >= 0;
    const end = feed < 0 ? count : feed + 1;
    if (!isBegun || start === end) return read(into);
    if (start > 0) into.copyWithin(0, start, end);
    return end - start;
  };
  return { read: into => read(into).catch(broken), close: file.close };
}

/** As fzstd numbers its errors. */
const UNEXPECTED_END = '5';

function broken(cause: unknown, packing?: Packing): never {
  throw brokenBy(cause, packing);
}

/** What ended a source before its end, in words. */
export const brokenBy = (cause: unknown, packing?: Packing): BrokenSource =>
  cause instanceof BrokenSource ? cause : new BrokenSource(brokenBecause(cause, packing), { cause });

function brokenBecause(error: unknown, packing: Packing | undefined): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ABORT_ERR') return INTERRUPTED;
  const isCut = code === 'Z_BUF_ERROR' || (packing === 'zstd' && code === UNEXPECTED_END);
  if (isCut) return `its ${packing ?? 'packed'} data is cut short`;
  // The first member's header was seen before anything was unpacked.
  if (error instanceof Error && error.message === 'incorrect header check')
    return 'what follows its gzip data is not gzip, and was not read';
  const isDamage = code.startsWith('Z_') || (packing === 'zstd' && /^\d+$/.test(code));
  return isDamage ? `its ${packing ?? 'packed'} data is damaged` : reasonOf(error);
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { listAt } from '../value/made-at.ts';
import { isArchive } from './archive.ts';
import { type ByteStream, cut, PRINT, peek } from './byte-stream.ts';
import { bytesOf } from './bytes.ts';
import { isShaped, layoutOf } from './layout.ts';
import { packingOf } from './packing.ts';
import { type Source, STDIN } from './sources.ts';

/** What some bytes are known again by. */
export interface Print {
  readonly length: number;
  readonly hash: string;
}

/** How far earlier runs have read a file, and by what it is known again, whatever it is called by then. */
export interface Progress {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  /** As it is stored. */
  readonly size: number;
  /** So many bytes of its text, unpacked where it is packed, and so many lines. */
  readonly offset: number;
  readonly lines: number;
  /** How lines were being read by then. */
  readonly closing: string;
  /** The first bytes of what was read, and the last. */
  readonly head: Print;
  readonly tail: Print;
  /** Of a file that is packed, or has no record a line: what the whole is known by, and when it was last written. */
  readonly whole: string | undefined;
  readonly modified: number;
  /** So many bytes behind them were no whole line. */
  readonly waiting: number;
}

/**
 * What there is to read of a source, after earlier runs; `instead` is what was there before, and is nowhere any more;
 * `whole` is what the whole is known by from now on.
 */
export type Resumption<Known extends Progress> = { readonly source: Source; readonly file?: FileFacts } & (
  | { readonly kind: 'new'; readonly instead?: Known }
  | { readonly kind: 'grown'; readonly known: Known }
  | { readonly kind: 'same'; readonly known: Known; readonly whole?: string }
);

export const printOf = (bytes: Buffer): Print => ({
  length: bytes.length,
  hash: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
});

const textOf = ({ length, hash }: Print): string => `${length} ${hash}`;

/** Heads have few different lengths, so that a file need be held against a few of them, however many are known. */
export const headLength = (offset: number): number =>
  offset === 0 ? 0 : 2 ** Math.floor(Math.log2(Math.min(PRINT, offset)));

const isLike = (bytes: Buffer, { length, hash }: Print): boolean =>
  bytes.length === length && printOf(bytes).hash === hash;

/** What there is to read of each source: files are known again by what they are, by where they lie, and by how they begin. */
export async function resumeAll<Known extends Progress>(
  sources: readonly Source[],
  all: readonly Known[],
): Promise<readonly Resumption<Known>[]> {
  const byInode = new Map(all.map(known => [inodeOf(known), known]));
  const byWhole = new Map(all.flatMap(known => (known.whole === undefined ? [] : [[known.whole, known]])));
  const byHead = new Map<string, Known[]>();
  for (const known of all) listAt(byHead, textOf(known.head)).push(known);
  const lengths = [...new Set(all.map(({ head }) => head.length))].filter(length => length > 0);
  const taken = new Set<Known>();
  const free = (known: Known | undefined): known is Known => known !== undefined && !taken.has(known);

  const beginningLike = (head: Buffer): readonly Known[] =>
    lengths
      .filter(length => length <= head.length)
      .flatMap(length => byHead.get(textOf(printOf(head.subarray(0, length)))) ?? [])
      .filter(free)
      // Of several that begin alike the one of which most was read.
      .sort((one, other) => other.offset - one.offset);

  /** Whether a plain file begins as what was read before, and goes on behind it, or is a part of it. */
  const isContinued = async (name: string, { size }: FileFacts, head: Buffer, known: Known): Promise<boolean> => {
    // Of what has no whole line yet nothing but its place is known.
    if (known.offset === 0) return known.path === name;
    if (known.head.length === 0 || !isLike(head.subarray(0, known.head.length), known.head)) return false;
    // Somebody copies it, or has cut off what was read already: there is nothing new.
    if (size < known.offset) return known.head.length === PRINT && known.path === name;
    return isLike(await bytesAt(name, known.offset - known.tail.length, known.tail.length), known.tail);
  };

  /** What is there to be read of a plain file, by lines. */
  const resumePlain = async (source: Source, file: FileFacts): Promise<Resumption<Known>> => {
    const head = await bytesAt(source.name, 0, PRINT);
    const end = await endOfLines(source.name, file.size);
    const same = byInode.get(inodeOf(file));
    const known =
      free(same) && (await isContinued(source.name, file, head, same))
        ? same
        : await firstOf(beginningLike(head), other => isContinued(source.name, file, head, other));
    if (known) {
      taken.add(known);
      // A line that nobody has ended since the run before is as whole as it will ever be.
      const isEnded = known.waiting > 0 && file.size === known.offset + known.waiting;
      const to = isEnded ? file.size : end;
      if (to <= known.offset) return { kind: 'same', source, known, file };
      return { kind: 'grown', source: { ...source, part: partFrom(known, to) }, known, file };
    }
    const fresh = { ...source, part: { from: 0, to: end, lines: 0, closing: undefined } };
    return { kind: 'new', source: fresh, file, ...(same?.path === source.name && { instead: same }) };
  };

  /** What is packed may have been plain when it was read, or cut short; what has no record a line is read whole or not at all. */
  const resumeWhole = async (source: Source, file: FileFacts): Promise<Resumption<Known>> => {
    const before = byInode.get(inodeOf(file));
    const whole = await wholePrint(source.name, file.size);
    const same = byWhole.get(whole);
    if (free(same)) {
      taken.add(same);
      return { kind: 'same', source, known: same, file };
    }
    const head = await beginningOf(source);
    for (const known of isShaped(head) ? [] : beginningLike(head)) {
      const isLonger = await goesOn(source, known);
      if (isLonger === undefined) continue;
      taken.add(known);
      if (!isLonger) return { kind: 'same', source, known, file, whole };
      return { kind: 'grown', source: { ...source, part: partFrom(known, undefined) }, known, file };
    }
    return { kind: 'new', source, file, ...(before?.path === source.name && { instead: before }) };
  };

  const resume = async (source: Source): Promise<Resumption<Known>> => {
    if (source.name === STDIN || source.size === undefined) return { kind: 'new', source };
    try {
      const file = await factsOf(source.name);
      const same = byInode.get(inodeOf(file));
      // Nobody has written into it since: it need not be opened.
      const isRead = same?.whole !== undefined || (same?.offset === same?.size && same?.waiting === 0);
      const isUntouched = same?.size === file.size && same.modified === file.modified;
      if (isRead && isUntouched && free(same)) {
        taken.add(same);
        return { kind: 'same', source, known: same, file };
      }
      const isPlain = !(await isArchive(source)) && (await layoutOf(source)) === 'lines';
      return await (isPlain ? resumePlain(source, file) : resumeWhole(source, file));
    } catch {
      // Whoever reads it will say why that cannot be done.
      return { kind: 'new', source };
    }
  };

  const resumptions: Resumption<Known>[] = [];
  for (const source of sources) resumptions.push(await resume(source));
  // Where the file that was there lies elsewhere now, nothing is lost.
  return resumptions.map(found =>
    found.kind === 'new' && found.instead && taken.has(found.instead) ? { kind: 'new', source: found.source } : found,
  );
}

async function firstOf<Item>(
  items: readonly Item[],
  isMeant: (item: Item) => Promise<boolean>,
): Promise<Item | undefined> {
  for (const item of items) if (await isMeant(item)) return item;
  return undefined;
}

const inodeOf = ({ device, inode }: Pick<FileFacts, 'device' | 'inode'>): string => `${device} ${inode}`;

const partFrom = ({ offset, lines, closing }: Progress, to: number | undefined) => ({
  from: offset,
  to,
  lines,
  closing,
});

/** What the file system says of a file. */
export type FileFacts = Pick<Progress, 'device' | 'inode' | 'size' | 'modified'>;

export async function factsOf(name: string): Promise<FileFacts> {
  const { dev, ino, size, mtimeMs } = await stat(name);
  return { device: dev, inode: ino, size, modified: Math.floor(mtimeMs) };
}

export async function bytesAt(name: string, from: number, length: number): Promise<Buffer> {
  const file = await open(name);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Where the last whole line ends: somebody may be writing the one after it. */
async function endOfLines(name: string, size: number): Promise<number> {
  for (let to = size; to > 0; to -= STEP) {
    const from = Math.max(0, to - STEP);
    const feed = (await bytesAt(name, from, to - from)).lastIndexOf('\n');
    if (feed >= 0) return from + feed + 1;
  }
  return 0;
}

const STEP = 1 << 16;

/**
 * What a whole file is known by: of gzip its length, its beginning and its end, which has the checksum of it all (RFC 1952
 * section 2.3.1); of everything else all of it.
 */
export async function wholePrint(name: string, size: number): Promise<string> {
  const head = await bytesAt(name, 0, PRINT);
  if (packingOf(head) === 'gzip') {
    const tail = await bytesAt(name, Math.max(0, size - PRINT), PRINT);
    return `${size} ${printOf(Buffer.concat([head, tail])).hash}`;
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(name)) hash.update(chunk);
  return `${size} ${hash.digest('hex').slice(0, 32)}`;
}

/** The first bytes of a text, as far as it can be read. */
async function beginningOf(source: Source): Promise<Buffer> {
  const bytes = textIn(source);
  try {
    return (await peek(bytes, PRINT)).first;
  } catch {
    return Buffer.alloc(0);
  } finally {
    await bytes.close();
  }
}

/** Whether a text goes on behind what was read of it; undefined where it is another text. */
async function goesOn(source: Source, { offset, tail }: Progress): Promise<boolean | undefined> {
  const bytes = cut(textIn(source), offset - tail.length);
  try {
    const { first } = await peek(bytes, tail.length);
    return isLike(first, tail) ? (await bytes.read(Buffer.alloc(1))) > 0 : undefined;
  } catch {
    return undefined;
  } finally {
    await bytes.close();
  }
}

const textIn = (source: Source): ByteStream =>
  bytesOf(source, { stdin: Readable.from([]), interrupt: new AbortController().signal }, () => {});

import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { Entry as ZipEntry, ZipFile } from 'yauzl';
import { type ByteStream, bounded, chunked, chunksOf, fileFrom, type Meter, peek } from './byte-stream.ts';
import { brokenBy, textOf } from './bytes.ts';
import { archiveOf } from './nature.ts';
import { unpacked } from './packing.ts';
import type { Source } from './sources.ts';

/** As many bytes as it takes to know. */
const LONGEST_SIGN = 512;

/** A file in an archive, named `archive.zip!logs/conn.log`; it is read to its end, or not at all, before the next one. */
export interface Entry {
  readonly source: Source;
  readonly bytes: ByteStream;
}

/** Whether a file is one, packed or not. Only names that say so are asked: every packed log would have to be begun. */
export async function isArchive({ name, size }: Source): Promise<boolean> {
  if (size === undefined || !/\.(?:zip|tar|t[gz]z|tar\.\w+)$/i.test(name)) return false;
  const file = fileFrom(name, 0, () => {});
  try {
    const { bytes } = await unpacked(file, undefined);
    const { first } = await peek(bytes, LONGEST_SIGN);
    return archiveOf(first) !== undefined;
  } catch {
    // Whoever reads it will say why it cannot be read.
    return false;
  } finally {
    await file.close();
  }
}

/** So many files of one archive are read. */
export const MOST_ENTRIES = 1 << 16;

interface Handlers {
  readonly meter: Meter;
  readonly interrupt: AbortSignal;
}

/** The files in an archive, in its order; at the end, or alone, the archive itself where it cannot be read further. */
export async function* entriesIn(archive: Source, { meter, interrupt }: Handlers): AsyncGenerator<Entry> {
  let count = 0;
  let trouble: unknown;
  try {
    for await (const entry of filesIn(archive, meter)) {
      if (++count === MOST_ENTRIES)
        throw new Error(`it holds more than ${MOST_ENTRIES - 1} files: the rest was not read`);
      yield entry;
      if (interrupt.aborted) return;
    }
    if (count === 0) trouble = new Error('an archive without files');
  } catch (error) {
    trouble = inOurWords(error);
  }
  if (trouble === undefined) return;
  const fail = async (): Promise<never> => {
    throw brokenBy(trouble);
  };
  yield { source: archive, bytes: { read: fail, async close() {} } };
}

/** modern-tar's errors have no code, but words. */
function inOurWords(error: unknown): unknown {
  if (!(error instanceof Error) || 'code' in error) return error;
  if (/truncated/i.test(error.message)) return new Error('a tar archive that is cut short', { cause: error });
  return /\btar\b|checksum/i.test(error.message) ? new Error('a tar archive that is damaged', { cause: error }) : error;
}

async function* filesIn(archive: Source, meter: Meter): AsyncGenerator<Entry> {
  let packedBytes = 0;
  const file = fileFrom(archive.name, 0, bytes => {
    packedBytes += bytes;
    meter(bytes);
  });
  try {
    const { bytes } = await unpacked(file, () => fileFrom(archive.name, 0, () => {}));
    const { first, whole } = await peek(bytes, LONGEST_SIGN);
    if (archiveOf(first) === 'zip') yield* zipEntries(archive, meter);
    else
      yield* tarEntries(
        archive,
        bounded(whole, () => packedBytes),
        () => packedBytes,
      );
  } finally {
    await file.close();
  }
}

/** Folders, links and what is hidden or of the packer's own (`__MACOSX/`) are no logs. */
const isMeant = (name: string): boolean =>
  !name.endsWith('/') &&
  !path.posix
    .normalize(name)
    .split('/')
    .some(part => part.startsWith('.') || part === '__MACOSX');

const sourceIn = (archive: Source, name: string, size: number): Source => ({
  name: `${archive.name}!${path.posix.normalize(name)}`,
  size,
  archive: archive.name,
});

async function* tarEntries(archive: Source, tar: ByteStream, packedBytes: () => number): AsyncGenerator<Entry> {
  const { createTarDecoder } = await import('modern-tar');
  const chunks = Readable.toWeb(Readable.from(chunksOf(tar))) as ReadableStream<Uint8Array>;
  for await (const { header, body } of chunks.pipeThrough(createTarDecoder({ strict: true }))) {
    if (header.type !== 'file' || !isMeant(header.name)) {
      await body.cancel();
      continue;
    }
    const bytes = chunked(buffersOf(body));
    yield { source: sourceIn(archive, header.name, header.size), bytes: textOf(bytes, packedBytes) };
    // What its reader left is passed over.
    for (const rest = Buffer.alloc(LONGEST_SIGN); (await bytes.read(rest)) > 0; );
  }
}

async function* buffersOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, byteLength } of body) yield Buffer.from(buffer, byteOffset, byteLength);
}

async function* zipEntries(archive: Source, meter: Meter): AsyncGenerator<Entry> {
  const yauzl = await import('yauzl');
  const open = promisify<string, object, ZipFile>(yauzl.open);
  const zip = await open(archive.name, { lazyEntries: true, autoClose: false }).catch(cause => {
    throw new Error('a zip archive that is cut short or damaged: its list of files is missing', { cause });
  });
  try {
    for await (const entry of listed(zip)) {
      if (!isMeant(entry.fileName)) continue;
      const stream = async function* (): AsyncGenerator<Buffer> {
        if (entry.isEncrypted()) throw new Error('encrypted');
        yield* await promisify<ZipEntry, Readable>(zip.openReadStream.bind(zip))(entry);
        meter(entry.compressedSize);
      };
      const packedBytes = (): number => entry.compressedSize;
      const bytes = bounded(chunked(stream()), packedBytes);
      yield { source: sourceIn(archive, entry.fileName, entry.uncompressedSize), bytes: textOf(bytes, packedBytes) };
      await bytes.close();
    }
  } finally {
    zip.close();
  }
}

/** yauzl tells of each entry by an event, of the next one when it is asked. */
async function* listed(zip: ZipFile): AsyncGenerator<ZipEntry> {
  for (;;) {
    const next = await new Promise<ZipEntry | undefined>((found, failed) => {
      zip.once('entry', found);
      zip.once('end', () => found(undefined));
      zip.once('error', failed);
      zip.readEntry();
    });
    zip.removeAllListeners();
    if (!next) return;
    yield next;
  }
}

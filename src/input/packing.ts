import { type ByteStream, peek } from './byte-stream.ts';
import { gunzipped } from './gzip.ts';
import { unpackedZstd } from './zstd.ts';

/** How a file is packed, by its first bytes. */
export type Packing = 'gzip' | 'zstd';

/** As many bytes as it takes to know. */
const LONGEST_SIGN = 4;

export function packingOf(bytes: Buffer): Packing | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes.length < LONGEST_SIGN) return undefined;
  const sign = bytes.readUInt32LE(0);
  // RFC 8878 sections 3.1.1 and 3.1.2: a frame, or one to be skipped, with which parallel packers begin.
  return sign === 0xfd2fb528 || (sign & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : undefined;
}

/** What a stream holds, unpacked where it is packed. `again` begins to read the same bytes anew; undefined where that cannot be done. */
export async function unpacked(
  stream: ByteStream,
  again: (() => ByteStream) | undefined,
): Promise<{ readonly bytes: ByteStream; readonly packing: Packing | undefined }> {
  const { first, whole } = await peek(stream, LONGEST_SIGN);
  const packing = packingOf(first);
  switch (packing) {
    case undefined:
      return { bytes: whole, packing };
    case 'gzip':
      return { bytes: gunzipped(whole, again), packing };
    case 'zstd':
      return { bytes: unpackedZstd(whole), packing };
  }
}

import { deflateRawSync } from 'node:zlib';
import { packTar } from 'modern-tar';

type Files = Readonly<Record<string, string | Buffer>>;

export async function tarOf(files: Files): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, content]) => {
    const body = Buffer.from(content);
    return { header: { name, size: body.length }, body: new Uint8Array(body) };
  });
  const folder = { header: { name: 'zeek/', size: 0, type: 'directory' as const } };
  return Buffer.from(await packTar([folder, ...entries]));
}

/** Deflated, each behind its own header, with the list at the end (APPNOTE.TXT sections 4.3.7, 4.3.12, 4.3.16). */
export function zipOf(files: Files): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(Buffer.byteLength(content), 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    parts.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    list.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, rest, Buffer.from(name));
    at += 4 + common.length + Buffer.byteLength(name) + packed.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(18);
  const count = Object.keys(files).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end]);
}

/** A frame of blocks as they are (RFC 8878 section 3.1.1): that any zstd must read, and takes no packer to write. */
export function zstdOf(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  const parts: Buffer[] = [Buffer.from('28b52ffda0', 'hex'), length];
  for (let from = 0; from < content.length; from += LONGEST_BLOCK) {
    const block = content.subarray(from, from + LONGEST_BLOCK);
    const isLast = from + LONGEST_BLOCK >= content.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((isLast ? 1 : 0) + block.length * 8, 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

const LONGEST_BLOCK = 1 << 16;

/** Several files in one, as data sets and log folders are shipped. */
type Archive = 'zip' | 'tar';

/** What a file is that is no log, by how it begins; and what would make a log of it. */
const natures: readonly {
  readonly magic: Buffer;
  readonly at?: number;
  readonly nature: string;
  readonly archive?: Archive;
}[] = [
  ...['d4c3b2a1', 'a1b2c3d4', '4d3cb2a1', 'a1b23c4d', '0a0d0d0a'].map(magic => ({
    magic: Buffer.from(magic, 'hex'),
    nature: 'a packet capture (read it with zeek -r or suricata -r first)',
  })),
  {
    magic: Buffer.from('ElfFile\0'),
    nature: 'a Windows event log (export it first: wevtutil qe FILE /lf:true /f:xml, or evtx_dump -o jsonl FILE)',
  },
  {
    magic: Buffer.from('PK\x03\x04'),
    nature: 'a zip archive (name it .zip; it cannot come through a pipe)',
    archive: 'zip',
  },
  { magic: Buffer.from('fd377a585a00', 'hex'), nature: 'xz data (decompress it first: xz -d)' },
  { magic: Buffer.from('BZh'), nature: 'bzip2 data (decompress it first: bunzip2)' },
  { magic: Buffer.from('ustar'), at: 257, nature: 'a tar archive (name it .tar or .tar.gz)', archive: 'tar' },
  { magic: Buffer.from('SQLite format 3'), nature: 'an SQLite database' },
];

const found = (bytes: Buffer) =>
  natures.find(({ magic, at = 0 }) => bytes.subarray(at, at + magic.length).equals(magic));

/** What a file surely is by its first bytes, and no log, though there may be whole logs inside. */
export const containerOf = (bytes: Buffer): string | undefined => found(bytes)?.nature;

/** Which archive it is, where its files can be read one by one. */
export const archiveOf = (bytes: Buffer): Archive | undefined => found(bytes)?.archive;

/** What a file may be in which no line was a record; undefined for text. */
export const natureOf = (bytes: Buffer): string | undefined =>
  containerOf(bytes) ?? (bytes.subarray(0, 1024).includes(0) ? 'binary data' : undefined);

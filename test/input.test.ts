import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { unpackedAhead } from '../src/input/ahead.ts';
import { blocksOf, type Piece } from '../src/input/blocks.ts';
import { type ByteStream, bounded, chunked } from '../src/input/byte-stream.ts';
import { BrokenSource, bytesOf, type Inlet } from '../src/input/bytes.ts';
import { createInflation } from '../src/input/inflate.ts';
import { natureOf } from '../src/input/nature.ts';
import { findSources } from '../src/input/sources.ts';
import { folder } from './run.ts';

const inflation = { isThere: true };

vi.mock('../src/input/inflate.ts', async importOriginal => {
  const { createInflation } = await importOriginal<typeof import('../src/input/inflate.ts')>();
  return { createInflation: () => (inflation.isThere ? createInflation() : undefined) };
});

const nothing: Inlet = { stdin: Readable.from([]), interrupt: new AbortController().signal };
const unmetered = () => {};

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function* chunksOf(stream: ByteStream, size = 1000): AsyncGenerator<Buffer> {
  const room = Buffer.alloc(size);
  try {
    for (let count = await stream.read(room); count > 0; count = await stream.read(room))
      yield Buffer.from(room.subarray(0, count));
  } finally {
    await stream.close();
  }
}

async function textOf(file: string): Promise<string> {
  return Buffer.concat(await all(chunksOf(bytesOf({ name: file, size: 0 }, nothing, unmetered)))).toString();
}

describe('sources', () => {
  test('files, folders and what is below, globs; each once, in the order of names', async () => {
    const root = await folder({ 'b.log': 'b', 'a/c.log': 'c', 'a/d/e.log.gz': 'e', '.hidden/x.log': 'x' });
    const names = ['b.log', 'a/c.log', 'a/d/e.log.gz'].map(name => path.join(root, name)).sort();
    const namesOf = async (paths: readonly string[]) => (await findSources(paths)).sources.map(({ name }) => name);
    expect(await namesOf([root])).toEqual(names);
    expect(await namesOf([path.join(root, 'b.log'), root, path.join(root, 'a')])).toEqual(names);
    expect(await namesOf([path.join(root, '**/*.log')])).toEqual(names.filter(name => name.endsWith('.log')));
  });

  test('a file that a link leads to is read once, and links in a circle end', async () => {
    const root = await folder({ 'logs/conn.log': 'x' });
    await symlink(path.join(root, 'logs'), path.join(root, 'current'));
    await symlink(root, path.join(root, 'logs/up'));
    const { sources, unreadable } = await findSources([root]);
    expect(sources).toHaveLength(1);
    expect(unreadable).toEqual([]);
  });

  test('a missing file is named, and the others are found', async () => {
    const root = await folder({ 'a.log': 'x' });
    const { sources, unreadable } = await findSources([
      path.join(root, 'a.log'),
      path.join(root, 'b.log'),
      path.join(root, '*.gz'),
    ]);
    expect(sources).toHaveLength(1);
    expect(unreadable.map(({ reason }) => reason)).toEqual(['nothing matches this pattern', 'no such file or folder']);
  });

  test('a missing file that is named twice is missing once', async () => {
    const { unreadable } = await findSources(['missing.log', 'missing.log']);
    expect(unreadable).toEqual([{ path: 'missing.log', reason: 'no such file or folder' }]);
  });

  test('a log beside its packed copy is read once, and one that is packed under its name twice', async () => {
    const root = await folder({
      'conn.log': 'one\ntwo\n',
      'conn.log.gz': gzipSync('one\ntwo\n'),
      'dns.log': 'new\n',
      'dns.log.gz': gzipSync('old\n'),
      // As `gzip -c http.log >> http.log.gz` makes it.
      'http.log': 'new\n',
      'http.log.gz': Buffer.concat([gzipSync('old\n'), gzipSync('new\n')]),
      'ssl.log': 'x\n',
      'ssl.log.gz': 'no gzip',
    });
    const { sources, skipped } = await findSources([root]);
    expect(sources.map(({ name }) => path.basename(name))).toEqual([
      ...['conn.log', 'dns.log', 'dns.log.gz', 'http.log', 'http.log.gz', 'ssl.log', 'ssl.log.gz'],
    ]);
    const at = (name: string): string => path.join(root, name);
    expect(skipped).toEqual([{ path: at('conn.log.gz'), reason: `the same as ${at('conn.log')}, packed` }]);
  });

  test('a pipe is read where it is named, and passed over in a folder', async () => {
    const root = await folder({ 'conn.log': 'x' });
    const pipe = path.join(root, 'pipe');
    await promisify(execFile)('mkfifo', [pipe]);
    const inFolder = await findSources([root]);
    expect(inFolder.sources.map(({ name }) => path.basename(name))).toEqual(['conn.log']);
    expect(inFolder.skipped).toEqual([{ path: pipe, reason: 'a pipe, socket or device (name it to have it read)' }]);
    expect((await findSources([pipe])).sources).toEqual([{ name: pipe, size: undefined }]);
  });

  test('a name that looks like a pattern is a name first', async () => {
    const root = await folder({ 'conn[1].log': 'x' });
    const { sources } = await findSources([path.join(root, 'conn[1].log')]);
    expect(sources).toHaveLength(1);
  });

  test('a broken link does not hide its neighbours', async () => {
    const root = await folder({ 'logs/conn.log': 'x' });
    await mkdir(path.join(root, 'more'));
    await symlink(path.join(root, 'gone'), path.join(root, 'logs/dangling.log'));
    const { sources, unreadable } = await findSources([root]);
    expect(sources).toHaveLength(1);
    expect(unreadable).toHaveLength(1);
  });
});

describe.each([
  ['in place', true],
  ['by the public stream, where Node keeps the other to itself', false],
])('gzip, unpacked %s', (_, isInPlace) => {
  beforeEach(() => {
    inflation.isThere = isInPlace;
  });

  test('that is what is tested', () => {
    expect(createInflation() !== undefined).toBe(isInPlace);
  });

  test('gzip is known by its bytes, in one member or in many', async () => {
    const root = await folder({
      plain: 'one\ntwo\n',
      zipped: gzipSync('one\ntwo\n'),
      members: Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]),
    });
    for (const name of ['plain', 'zipped', 'members']) expect(await textOf(path.join(root, name))).toBe('one\ntwo\n');
  });

  test('gzip that is cut short gives what came before the break, then says so', async () => {
    const whole = Array.from({ length: 50_000 }, (_, index) => `line ${index} ${Math.imul(index, 2654435761)}\n`).join(
      '',
    );
    const zipped = gzipSync(whole);
    const root = await folder({ cut: zipped.subarray(0, zipped.length / 2) });
    const chunks: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of chunksOf(bytesOf({ name: path.join(root, 'cut'), size: 0 }, nothing, unmetered)))
        chunks.push(chunk);
    })();
    await expect(reading).rejects.toThrow(new BrokenSource('its gzip data is cut short'));
    const read = Buffer.concat(chunks).toString();
    expect(whole.startsWith(read)).toBe(true);
    expect(read.length).toBeGreaterThan(whole.length * 0.4);
  });

  test('damaged gzip is told from a short one', async () => {
    const zipped = gzipSync('x'.repeat(100_000) + Math.random());
    zipped.fill(0xff, 20, 60);
    const root = await folder({ damaged: zipped });
    await expect(textOf(path.join(root, 'damaged'))).rejects.toThrow('its gzip data is damaged');
  });

  test.each([
    ['what is none', Buffer.from('junk\n'), 'what follows its gzip data is not gzip, and was not read'],
    ['much of what is none', Buffer.alloc(400_000, 'junk'), 'what follows its gzip data is not gzip, and was not read'],
    ['a member that is damaged', gzipSync('x'.repeat(1000)).fill(0xff, 12, 16), 'its gzip data is damaged'],
  ])('of gzip that is followed by %s nothing is lost', async (_, tail, reason) => {
    const text = Array.from({ length: 90_000 }, (_, index) => `line ${Math.imul(index, 2654435761)}\n`).join('');
    for (const whole of ['one\n', text]) {
      const root = await folder({ both: Buffer.concat([gzipSync(whole), tail]) });
      const chunks: Buffer[] = [];
      const reading = (async () => {
        const both = { name: path.join(root, 'both'), size: 9 };
        for await (const chunk of chunksOf(bytesOf(both, nothing, unmetered))) chunks.push(chunk);
      })();
      await expect(reading).rejects.toThrow(new BrokenSource(reason));
      const read = Buffer.concat(chunks).toString();
      expect(read.slice(0, whole.length) === whole).toBe(true);
    }
  });

  test('gzip that is padded with zeros is whole', async () => {
    const root = await folder({ padded: Buffer.concat([gzipSync('one\n'), Buffer.alloc(512)]) });
    expect(await textOf(path.join(root, 'padded'))).toBe('one\n');
  });
});

describe('zstd', () => {
  const one = Buffer.from('KLUv/QRYQQAAb25lCnR3bwrmpg5A', 'base64');
  const three = Buffer.from('KLUv/QBYMQAAdGhyZWUK', 'base64');
  const skipped = Buffer.from('502a4d1802000000ffff', 'hex');

  test('is known by its bytes, in one frame or in many, after one that is to be skipped', async () => {
    const root = await folder({
      one,
      both: Buffer.concat([one, three]),
      skipped: Buffer.concat([skipped, one, three]),
    });
    expect(await textOf(path.join(root, 'one'))).toBe('one\ntwo\n');
    expect(await textOf(path.join(root, 'both'))).toBe('one\ntwo\nthree\n');
    expect(await textOf(path.join(root, 'skipped'))).toBe('one\ntwo\nthree\n');
  });

  test('what comes before a fault is given', async () => {
    const root = await folder({ both: Buffer.concat([one, three, Buffer.alloc(64, 1)]) });
    const chunks: Buffer[] = [];
    const reading = (async () => {
      const both = { name: path.join(root, 'both'), size: 99 };
      for await (const chunk of chunksOf(bytesOf(both, nothing, unmetered))) chunks.push(chunk);
    })();
    await expect(reading).rejects.toThrow('its zstd data is damaged');
    expect(Buffer.concat(chunks).toString()).toBe('one\ntwo\nthree\n');
  });

  test('that is damaged or cut short gives a reason', async () => {
    const root = await folder({ cut: one.subarray(0, 12), damaged: Buffer.from(one).fill(0xff, 6, 9) });
    for (const name of ['cut', 'damaged'])
      await expect(textOf(path.join(root, name))).rejects.toThrow(/^its zstd data is (damaged|cut short)$/);
  });
});

describe('unpacked by another thread', () => {
  test('which cannot start from source on Node 20: then it is unpacked here', async () => {
    const root = await folder({ zipped: gzipSync('one\ntwo\n') });
    const source = { name: path.join(root, 'zipped'), size: 9 };
    const stream = unpackedAhead(source, unmetered, {
      fail: reason => new BrokenSource(reason),
      without: () => bytesOf(source, nothing, unmetered),
    });
    expect(Buffer.concat(await all(chunksOf(stream))).toString()).toBe('one\ntwo\n');
  });
});

describe('what is packed is not trusted', () => {
  const unpackedTo = async (bytes: number, packed: number) => {
    const stream = bounded(chunked(Readable.from([Buffer.alloc(bytes)])), () => packed, {
      ...{ most: 5000, ratio: 10, ratioFrom: 100 },
    });
    return Buffer.concat(await all(chunksOf(stream, 10))).length;
  };

  test('as much as logs unpack to is read', async () => {
    expect(await unpackedTo(90, 1)).toBe(90);
    expect(await unpackedTo(1000, 100)).toBe(1000);
  });

  test('more is not', async () => {
    await expect(unpackedTo(1000, 10)).rejects.toThrow('it unpacks to more than 10 times its size');
    await expect(unpackedTo(6000, 6000)).rejects.toThrow('it unpacks to more than 5000 bytes');
  });
});

describe('bytes', () => {
  test('an empty file has no bytes', async () => {
    const root = await folder({ empty: '' });
    expect(await textOf(path.join(root, 'empty'))).toBe('');
  });

  test('a folder in the place of a file is an error with a reason', async () => {
    const root = await folder();
    await writeFile(path.join(root, 'x'), 'x');
    await expect(textOf(root)).rejects.toThrow('a folder');
  });
});

describe('blocks', () => {
  const pieces = async (chunks: readonly string[], { longest = 1000, room = 1000 } = {}) => {
    const stream = chunked(Readable.from(chunks.map(chunk => Buffer.from(chunk))));
    const found = [];
    for await (const piece of blocksOf(stream, { room: Buffer.alloc(room), longest })) found.push(describePiece(piece));
    return found;
  };
  const describePiece = (piece: Piece) => (piece.kind === 'lines' ? piece.bytes.toString() : { tooLong: piece.bytes });

  test('lines are whole wherever the chunks break', async () => {
    const text = 'one\ntwo\r\nthree\n\nfour';
    for (let size = 1; size <= text.length; size++) {
      const chunks = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      for (let room = 1; room <= text.length + 1; room++) {
        const blocks = await pieces(chunks, { room });
        expect(blocks.join('')).toBe(text);
        for (const block of blocks.slice(0, -1)) expect(block).toMatch(/\n$/);
      }
    }
  });

  test('a line that is too long is skipped to its end, and nothing beside it is lost', async () => {
    const long = 'x'.repeat(50);
    for (const room of [1, 2, 7, 30, 50, 60]) {
      const bounds = { longest: 60, room };
      expect(await pieces(['a\n', long, long, 'x\nb\n'], bounds)).toEqual(['a\n', { tooLong: 101 }, 'b\n']);
      expect(await pieces(['a\n', long, long], bounds)).toEqual(['a\n', { tooLong: 100 }]);
      expect((await pieces([long, '0123456789\nb\n'], bounds)).join('')).toBe(`${long}0123456789\nb\n`);
    }
  });

  test('a byte order mark is no text', async () => {
    expect(await pieces(['\ufeff{"a":1}\n'])).toEqual(['{"a":1}\n']);
  });
});

test.each([
  ['d4c3b2a1', 'a packet capture (read it with zeek -r or suricata -r first)'],
  ['0a0d0d0a', 'a packet capture (read it with zeek -r or suricata -r first)'],
  [
    Buffer.from('ElfFile\0').toString('hex'),
    'a Windows event log (export it first: wevtutil qe FILE /lf:true /f:xml, or evtx_dump -o jsonl FILE)',
  ],
  ['504b0304', 'a zip archive (name it .zip; it cannot come through a pipe)'],
  ['7f454c4600', 'binary data'],
  [Buffer.from('hello').toString('hex'), undefined],
])('what a file is that begins with %s', (hex, nature) => {
  expect(natureOf(Buffer.from(hex, 'hex'))).toBe(nature);
});

import { StringDecoder } from 'node:string_decoder';
import { type ByteStream, chunked, chunksOf } from '../../input/byte-stream.ts';

/** More than this is no record: it is told as it stands, and whoever reads lines refuses it. */
export const LONGEST_RECORD = 8 << 20;

/** Whoever tells a text again takes what comes, and in the end what is left. */
export interface Teller<Text> {
  take(text: Text): Iterable<Told>;
  end(): Iterable<Told>;
}

/** A record, or what was met in the place of one, without line ends; and the number of the line where it begins. */
export interface Told {
  readonly record: string | Buffer;
  readonly line: number;
}

/** Puts what is told on lines: each on its own where it was, or on the next that is free. */
export const linesOf = (stream: ByteStream, teller: Teller<Buffer>): ByteStream => {
  async function* chunks(): AsyncGenerator<Buffer> {
    let next = 1;
    const written = (told: Iterable<Told>): Buffer => {
      const parts: Buffer[] = [];
      for (const { record, line } of told) {
        if (line > next) parts.push(Buffer.alloc(line - next, '\n'));
        parts.push(typeof record === 'string' ? Buffer.from(record) : record, LINE_END);
        next = Math.max(next, line) + 1;
      }
      return Buffer.concat(parts);
    };
    for await (const chunk of chunksOf(stream)) yield written(teller.take(chunk));
    yield written(teller.end());
  }
  const { read } = chunked(chunks());
  return { read, close: stream.close };
};

const LINE_END = Buffer.from('\n');

/** The same for who reads characters. */
export function byCharacters(teller: Teller<string>): Teller<Buffer> {
  const decoder = new StringDecoder('utf8');
  return {
    take: bytes => teller.take(decoder.write(bytes)),
    *end() {
      yield* teller.take(decoder.end());
      yield* teller.end();
    },
  };
}

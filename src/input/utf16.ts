import { type ByteStream, chunked, chunksOf, peek } from './byte-stream.ts';
import { encodingOf } from './shape.ts';

/** Text as UTF-8, where its byte order mark says that it has 16 bits a character. */
export async function asUtf8(stream: ByteStream): Promise<ByteStream> {
  const { first, whole } = await peek(stream, 2);
  const encoding = encodingOf(first);
  if (!encoding) return whole;
  async function* chunks(): AsyncGenerator<Buffer> {
    const decoder = new TextDecoder(encoding);
    for await (const chunk of chunksOf(whole)) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  }
  return { read: chunked(chunks()).read, close: stream.close };
}

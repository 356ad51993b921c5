import { type ByteStream, peek } from '../../input/byte-stream.ts';
import { isShapeSure, LONGEST_BEGINNING, type Shape, shapeOf } from '../../input/shape.ts';
import { csvAsLines } from './csv.ts';
import { jsonAsLines } from './json.ts';
import { xmlAsLines } from './xml.ts';

/** Text that was told again, where it had to be. */
interface Reshaped {
  readonly bytes: ByteStream;
  readonly shape: Shape | undefined;
}

/**
 * Text of whatever shape as lines, one record each, on the line where it begins: where a line holds several, the count
 * of lines goes on with them.
 */
export async function asLines(stream: ByteStream): Promise<Reshaped> {
  const { first, whole } = await peek(stream, LONGEST_BEGINNING, isShapeSure).catch(async error => {
    await stream.close();
    throw error;
  });
  const shape = shapeOf(first);
  switch (shape) {
    case undefined:
      return { bytes: whole, shape };
    case 'JSON array':
    case 'JSON over several lines':
      return { bytes: jsonAsLines(whole), shape };
    case 'XML':
      return { bytes: xmlAsLines(whole), shape };
    case 'CSV':
      return { bytes: csvAsLines(whole), shape };
  }
}

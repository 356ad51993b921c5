import { lineAt } from '../../kernel/careful/walk.ts';
import type { Block, Position } from '../../kernel/kernel.ts';
import type { Symbols } from '../../kernel/symbols.ts';
import type { Mixture } from '../mixture.ts';
import type { Reader, Reading } from '../reading.ts';
import { type Json, recordIn } from '../record.ts';

/** Somebody's record around another one. */
export interface Wrapping {
  readonly dialect: string;
  recognizes(record: Json): boolean;
  /** The record inside, or the line that it was; undefined where there is none. */
  unwrap(record: Json): Json | string | undefined;
}

/** Reads the records inside as what they are, with the lines that they are wrapped in. */
export const openWrapping =
  (wrapping: Wrapping) =>
  (_: Symbols, { createInner }: { createInner(): Mixture }): Reading => {
    const inner = createInner();
    const { dialect } = wrapping;

    const readLine = (text: string, line: number, reader: Reader): boolean => {
      const record = recordIn(text);
      if (!record || !wrapping.recognizes(record)) return false;
      const inside = wrapping.unwrap(record);
      if (inside === undefined) reader.passed(`${dialect} without a record inside`);
      else {
        const bytes = bytesOf(inside);
        if (bytes) inner.read({ bytes, line }, reader);
        else reader.refused('a record that is nested too deeply', line);
      }
      return true;
    };

    return {
      get formats() {
        return inner.formats;
      },
      get dialects() {
        return [dialect];
      },
      get header() {
        return inner.state();
      },
      read(block: Block, from: Position, reader: Reader): Position {
        let position = from;
        while (position.at < block.bytes.length) {
          const { text, next } = lineAt(block.bytes, position.at);
          if (text !== '' && !readLine(text, block.line + position.line, reader)) return position;
          position = { at: next, line: position.line + 1 };
        }
        return position;
      },
      takes: () => false,
      coverage: () => inner.coverage(),
    };
  };

/** One line, whatever line ends were in it; undefined for JSON that can be read at its depth, but not be written. */
function bytesOf(inside: Json | string): Buffer | undefined {
  try {
    return Buffer.from(`${typeof inside === 'string' ? inside.replace(/[\r\n]+/g, ' ') : JSON.stringify(inside)}\n`);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

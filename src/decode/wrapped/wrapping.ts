import { lineAt } from '../../kernel/careful/walk.ts';
import type { Block, Position } from '../../kernel/kernel.ts';
import type { Symbols } from '../../kernel/symbols.ts';
import type { Mixture } from '../mixture.ts';
import type { Reader, Reading } from '../reading.ts';

export type Json = Readonly<Record<string, unknown>>;

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
  (_: Symbols, createInner: () => Mixture): Reading => {
    const inner = createInner();
    const { dialect } = wrapping;

    const readLine = (text: string, line: number, reader: Reader): boolean => {
      const record = recordIn(text);
      if (!record || !wrapping.recognizes(record)) return false;
      const inside = wrapping.unwrap(record);
      if (inside === undefined) reader.passed(`${dialect} without a record inside`);
      else inner.read({ bytes: Buffer.from(lineOf(inside)), line }, reader);
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

function recordIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One line, whatever line ends were in it. */
const lineOf = (inside: Json | string): string =>
  `${typeof inside === 'string' ? inside.replace(/[\r\n]+/g, ' ') : JSON.stringify(inside)}\n`;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText = (value: unknown): value is string => typeof value === 'string';

import type { ByteStream } from '../../input/byte-stream.ts';
import { LONGEST_RECORD, linesOf, type Teller, type Told } from './lines.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const TAB = 9;
const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Objects over several lines, one after the other or in one array, each as one line. Only braces, brackets and strings
 * are looked at: whether an object is sound, whoever reads the line will say.
 */
export const jsonAsLines = (stream: ByteStream): ByteStream => linesOf(stream, jsonTeller());

function jsonTeller(): Teller<Buffer> {
  let line = 1;
  /** What stands between the last record and the next one: nothing, or text that is no JSON. */
  let between: number[] = [];
  let betweenLine = 1;
  /** The object that has begun: its bytes so far, how deep in it we are, and where it began. */
  let parts: Buffer[] = [];
  let length = 0;
  let depth = 0;
  let beganAt = 1;
  let beganLine = false;
  let isInString = false;
  let isEscaped = false;
  let isLineStart = true;

  const keep = (bytes: Buffer): void => {
    parts.push(Buffer.from(bytes));
    length += bytes.length;
  };
  const whole = (): Told => {
    const record = Buffer.concat(parts);
    // Between values line ends mean nothing, and in strings there are none.
    for (let at = 0; at < record.length; at++)
      if (record[at] === LINE_FEED || record[at] === CARRIAGE_RETURN) record[at] = BLANK;
    parts = [];
    length = 0;
    depth = 0;
    isInString = false;
    isEscaped = false;
    return { record, line: beganAt };
  };
  const strayed = (): readonly Told[] => {
    const text = Buffer.from(between).toString('utf8').trim();
    between = [];
    return text === '' || text === '\ufeff' || /^Record \d+$/.test(text) ? [] : [{ record: text, line: betweenLine }];
  };

  return {
    *take(chunk) {
      let from = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        const beginsLine = isLineStart;
        isLineStart = byte === LINE_FEED;
        if (depth > 0 && beganLine && beginsLine && byte === OPEN_BRACE) {
          // Nobody indents so: the object before was never finished.
          keep(chunk.subarray(from, at));
          yield whole();
        }
        if (byte === LINE_FEED) line++;
        if (depth > 0) {
          if (isInString) {
            if (isEscaped) isEscaped = false;
            else if (byte === BACKSLASH) isEscaped = true;
            // A string does not reach over the end of a line: this one was never finished.
            else if (byte === QUOTE || byte === LINE_FEED) isInString = false;
          } else if (byte === QUOTE) isInString = true;
          else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
          else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
          if (depth > 0 && length + at - from < LONGEST_RECORD) continue;
          keep(chunk.subarray(from, at + 1));
          yield whole();
          betweenLine = line;
        } else if (byte === OPEN_BRACE) {
          yield* strayed();
          from = at;
          depth = 1;
          beganAt = line;
          beganLine = beginsLine;
        } else if (byte === LINE_FEED) {
          yield* strayed();
          betweenLine = line;
        } else if (between.length < LONGEST_STRAY && (!isSeparator(byte) || (byte === BLANK && between.length > 0)))
          between.push(byte);
      }
      if (depth > 0) keep(chunk.subarray(from));
    },
    *end() {
      if (depth > 0) yield whole();
      yield* strayed();
    },
  };
}

/** So much of what is no JSON is told. */
const LONGEST_STRAY = 1000;

const isSeparator = (byte: number): boolean =>
  byte === BLANK ||
  byte === TAB ||
  byte === COMMA ||
  byte === CARRIAGE_RETURN ||
  byte === OPEN_BRACKET ||
  byte === CLOSE_BRACKET;

import type { Block, Decoder, Position, Progress, Refusal } from '../kernel.ts';
import type { Table } from '../table.ts';

/** What became of one line. */
export type Verdict = 'row' | 'blank' | 'directive' | 'stranger' | { readonly reason: string };

/** Puts a line into a row of the table, or says why not. */
export type DecodeLine = (text: string, row: number, table: Table) => Verdict;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const NUL = 0;

/** The careful path, and the yardstick of the fast one: one line after the other, each as a string. */
export const carefulDecoder = (table: Table, decodeLine: DecodeLine): Decoder => ({
  table,
  decode(block, from) {
    const refused: Refusal[] = [];
    let position = from;
    table.rows = 0;
    while (position.at < block.bytes.length) {
      if (table.rows === table.most) return { ...position, stop: 'full', refused, declined: 0 };
      const step = stepOver(block, position, table, decodeLine, refused);
      if (typeof step === 'string') return { ...position, stop: step, refused, declined: 0 };
      position = step;
    }
    return { ...position, stop: 'end', refused, declined: 0 };
  },
});

/** Decodes one line and gives the position of the next, or says that the line is not of this form. */
export function stepOver(
  { bytes }: Block,
  { at, line }: Position,
  table: Table,
  decodeLine: DecodeLine,
  refused: Refusal[],
): Position | Extract<Progress['stop'], 'directive' | 'stranger'> {
  const { text, next } = lineAt(bytes, at);
  const verdict = text === '' ? emptyVerdict(bytes, at, next) : decodeLine(text, table.rows, table);
  if (verdict === 'directive' || verdict === 'stranger') return verdict;
  if (verdict === 'row') {
    table.lines[table.rows] = line;
    table.starts[table.rows] = at;
    table.rows++;
  } else if (typeof verdict === 'object') refused.push({ line, reason: verdict.reason });
  return { at: next, line: line + 1 };
}

/**
 * The line at a position, and where the next one begins. Without the carriage return of CRLF, and without the NUL bytes
 * that a crash of the writer leaves at a line's ends.
 */
export function lineAt(bytes: Buffer, at: number): { readonly text: string; readonly next: number } {
  const feed = bytes.indexOf(LINE_FEED, at);
  let start = at;
  let end = feed < 0 ? bytes.length : feed;
  const next = feed < 0 ? end : feed + 1;
  while (end > start && (bytes[end - 1] === CARRIAGE_RETURN || bytes[end - 1] === NUL)) end--;
  while (start < end && bytes[start] === NUL) start++;
  return { text: bytes.toString('utf8', start, end), next };
}

const emptyVerdict = (bytes: Buffer, at: number, next: number): Verdict =>
  bytes.subarray(at, next).includes(NUL) ? { reason: 'nothing but NUL bytes' } : 'blank';

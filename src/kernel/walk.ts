import type { Block, Position, Progress, Refusal } from './kernel.ts';
import type { Table } from './table.ts';

/** What became of one line. */
export type Verdict = 'row' | 'blank' | 'directive' | 'stranger' | { readonly reason: string };

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const NUL = 0;

/** Goes through a block line by line; `decode` puts a line into the table's next row or says why not. */
export function walkLines(
  { bytes }: Block,
  from: Position,
  table: Table,
  decode: (text: string, row: number) => Verdict,
): Progress {
  const refused: Refusal[] = [];
  let { at, line } = from;
  table.rows = 0;
  while (at < bytes.length) {
    if (table.rows === table.capacity) return { at, line, stop: 'full', refused };
    const { text, next } = lineAt(bytes, at);
    const verdict = text === '' ? emptyVerdict(bytes, at, next) : decode(text, table.rows);
    if (verdict === 'row') {
      table.lines[table.rows] = line;
      table.starts[table.rows] = at;
      table.rows++;
    } else if (typeof verdict === 'object') refused.push({ line, reason: verdict.reason });
    else if (verdict !== 'blank') return { at, line, stop: verdict, refused };
    at = next;
    line++;
  }
  return { at, line, stop: 'end', refused };
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

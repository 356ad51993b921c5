/** How text is laid out that does not have one record a line: it cannot be cut into lines before it is told again so. */
export type Shape = 'JSON array' | 'JSON over several lines' | 'XML' | 'CSV';

/** As many bytes as it takes to know. */
export const LONGEST_BEGINNING = 4096;

/** By how a text begins; undefined for lines. */
export function shapeOf(bytes: Buffer): Shape | undefined {
  const text = beginningOf(bytes);
  if (/^\[\s*[{\]]/.test(text)) return 'JSON array';
  // evtx_dump counts its records between them.
  if (/^(?:Record \d+\r?\n)?\{[ \t]*\r?\n/.test(text)) return 'JSON over several lines';
  if (isLines(text)) return undefined;
  if (/^(?:#TYPE [^\n]*\n)?"?(?:\w+"?,"?)*(?:Id|Message)"?[,\r\n]/.test(text)) return 'CSV';
  // On lines of their own, or behind what syslog puts before.
  return /^[^{\n]*<Event[\s>]/m.test(text) ? 'XML' : undefined;
}

/** Whether more of a text would not change its shape. */
export const isShapeSure = (bytes: Buffer): boolean =>
  isLines(beginningOf(bytes)) || (shapeOf(bytes) !== undefined && bytes.includes('\n'));

const beginningOf = (bytes: Buffer): string =>
  bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();

/** An object on the first line, or a header of Zeek's. */
const isLines = (text: string): boolean => /^(?:\{[ \t\r]*[^\s][^\n]*\n|#(?!TYPE )[\s\S]{5})/.test(text);

/** Text in 16 bits a character, as PowerShell 5 writes it, by its byte order mark. */
export function encodingOf(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes.length < 2) return undefined;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe) return 'utf-16le';
  return mark === 0xfeff ? 'utf-16be' : undefined;
}

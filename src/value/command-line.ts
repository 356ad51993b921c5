/** What somebody wrote in base64 so that it is not read, and what is only in it once that is taken away. */
export interface Decoded {
  readonly text: string;
  /** What came before it: `-enc`, `FromBase64String`. */
  readonly by: string;
}

/**
 * PowerShell takes any beginning of `-EncodedCommand` (and `-ec`), after a dash of any kind or a slash, with base64 of
 * UTF-16LE behind it; scripts decode other texts by `FromBase64String`, shells by `base64 -d`.
 */
const ENCODED =
  /(?:^|\s)["']?([-/\u2013\u2014\u2015]e(?:c|n(?:c(?:o(?:d(?:e(?:d(?:c(?:o(?:m(?:m(?:a(?:n(?:d)?)?)?)?)?)?)?)?)?)?)?)?)?)["']?[\s:]+["']?([A-Za-z0-9+/]{8,}={0,2})/i;
const FROM_BASE64 = /(FromBase64String)\s*\(\s*["']([A-Za-z0-9+/]{8,}={0,2})["']/i;
const PIPED = /\becho\s+(?:-n\s+)?["']?([A-Za-z0-9+/]{8,}={0,2})["']?\s*\|\s*(base64\s+(?:-d|--decode|-D))\b/;

/** What a command line hides in base64; undefined where there is nothing, or nothing that can be read. Nothing of it is run. */
export function decodedIn(commandLine: string): Decoded | undefined {
  const [, by, encoded] = ENCODED.exec(commandLine) ?? FROM_BASE64.exec(commandLine) ?? [];
  const [, piped, decoder] = PIPED.exec(commandLine) ?? [];
  const code = encoded ?? piped;
  if (code === undefined) return undefined;
  const text = textOf(Buffer.from(code, 'base64'));
  return text === undefined ? undefined : { text, by: by ?? decoder ?? '' };
}

/** As UTF-16LE where every second byte is 0, as of Latin letters, else as UTF-8; undefined for what is no text. */
function textOf(bytes: Buffer): string | undefined {
  const zeros = bytes.filter((byte, index) => index % 2 === 1 && byte === 0).length;
  const text = bytes.toString(zeros > bytes.length / 4 ? 'utf16le' : 'utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a text has hardly any
  const strange = text.replace(/[^\u0000-\u0008\u000e-\u001f\ufffd]/g, '').length;
  return text.length < 3 || strange > text.length / 20 ? undefined : text;
}

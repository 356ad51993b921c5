/** Controls of C0 and C1, the byte order mark, and what turns or hides text (zero width, bidirectional). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Logs are written by strangers: a text from one as it may be shown on a terminal, with every unsafe character as an escape. */
export const visible = (text: string): string =>
  text.replace(UNSAFE, character => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });

/** Cuts a long text in the middle, where command lines and names have least to say. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  // By characters: half of one is none.
  const characters = [...text];
  if (characters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}

/** `1 host`, `3 hosts`, `1,204 lines`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${figure(count)} ${count === 1 ? noun : plural}`;

/** `1,204`: a whole number. `Intl` would write it too, but takes as long to begin as a small log to read. */
export const figure = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `512 B`, `1.5 kB`, `2.0 GB`: in powers of 1000, as disks are measured. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], joiner = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${joiner} ${words.at(-1)}`;
}

/** `a, b and 3 more`: the first ones, and of the others how many they are. */
export function listedFew(
  words: readonly string[],
  { shown, more }: { readonly shown: number; more(count: number): string },
): string {
  const others = words.length - shown;
  return listed(others > 0 ? [...words.slice(0, shown), more(others)] : words);
}

/** Whether a text is like a pattern, in which a `*` stands for any part. */
export function globOf(pattern: string): (text: string) => boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return text => text === first;
  // The leftmost place of each part will do: a regular expression would try them all, and strangers write the texts.
  return text => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    for (const part of others) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length;
    }
    return from <= text.length - last.length;
  };
}

/** Whether a text, in small letters, is like one of several patterns. */
export function anyLike(patterns: Iterable<string>): (text: string) => boolean {
  const likes = [...patterns].map(pattern => globOf(pattern.toLowerCase()));
  return text => likes.some(isLike => isLike(text));
}

/** C ends a text at a NUL, and SQLite with it: so that a name is the same wherever it is kept. */
export const withoutNul = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '\u2400') : text);

import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import ndjson from 'ndjson';
import { print } from './print.ts';

/** C1 controls and what turns or hides text: legal in JSON, but not to be let loose on a terminal. */
const UNSAFE = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** One JSON object a line. Parsed again, it is what was given; read on a terminal, it is harmless. */
export const writeNdjson = (values: Iterable<object>, to: Writable): Promise<void> =>
  pipeline(Readable.from(values), ndjson.stringify(), async lines => {
    for await (const line of lines) await print(to, escaped(String(line)));
  });

const escaped = (line: string): string =>
  line.replace(UNSAFE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

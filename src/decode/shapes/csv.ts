import type { ByteStream } from '../../input/byte-stream.ts';
import { flatShownEvent } from '../windows/shown.ts';
import { byCharacters, LONGEST_RECORD, linesOf, type Teller, type Told } from './lines.ts';

/** `Get-WinEvent … | Export-Csv` (RFC 4180, with PowerShell 5's `#TYPE` line before): each event as flat JSON. */
export const csvAsLines = (stream: ByteStream): ByteStream => linesOf(stream, byCharacters(csvTeller()));

function csvTeller(): Teller<string> {
  let line = 1;
  let names: readonly string[] | undefined;
  let fields: string[] = [];
  let field = '';
  let length = 0;
  let beganAt = 1;
  let state: 'plain' | 'quoted' | 'quote' = 'plain';

  function* finish(): Generator<Told> {
    const values = [...fields, field.replace(/\r$/, '')];
    fields = [];
    field = '';
    length = 0;
    state = 'plain';
    const isNothing = values.length === 1 && (values[0] === '' || values[0]?.startsWith('#TYPE '));
    if (!isNothing) {
      if (names) yield { record: recordOf(names, values), line: beganAt };
      else names = values.map(name => name.replace(/^\ufeff/, ''));
    }
  }

  return {
    *take(text) {
      for (const character of text) {
        if (length === 0) beganAt = line;
        length++;
        if (character === '\n') line++;
        if (state === 'quoted') {
          if (character === '"') state = 'quote';
          else field += character;
          if (length > LONGEST_RECORD) yield* finish();
        } else if (character === '"') {
          // Twice it stands for itself; else it begins or ends a value.
          if (state === 'quote') field += '"';
          state = 'quoted';
        } else if (character === '\n') yield* finish();
        else if (character === ',') {
          fields.push(field);
          field = '';
          state = 'plain';
        } else if (character !== '\r' || state !== 'quote') field += character;
      }
    },
    *end() {
      if (length > 0) yield* finish();
    },
  };
}

/** What has another number of values than there are names is told as it stands, and refused by whoever reads it. */
function recordOf(names: readonly string[], values: readonly string[]): string {
  if (values.length !== names.length) return values.join(',').slice(0, 200).replace(/\s+/g, ' ');
  return JSON.stringify(flatShownEvent(Object.fromEntries(names.map((name, index) => [name, values[index]]))));
}

import type { ByteStream } from '../../input/byte-stream.ts';
import { flatShownEvent } from '../windows/shown.ts';
import { byCharacters, LONGEST_RECORD, linesOf, type Teller, type Told } from './lines.ts';

/** `Get-WinEvent … | Export-Csv` (RFC 4180, with PowerShell 5's `#TYPE` line before): each event as flat JSON. */
export const csvAsLines = (stream: ByteStream): ByteStream => linesOf(stream, byCharacters(csvTeller()));

function csvTeller(): Teller<string> {
  let line = 1;
  let names: readonly string[] | undefined;
  let fields: string[] = [];
  /** Of the value that has begun. */
  let parts: string[] = [];
  /** How long the record is so far, and where it began. */
  let length = 0;
  let beganAt = 1;
  let state: 'plain' | 'quoted' | 'quote' | 'too long' = 'plain';

  const endField = (): void => {
    fields.push(parts.join(''));
    parts = [];
  };
  function* finish(): Generator<Told> {
    endField();
    const values = [...fields.slice(0, -1), (fields.at(-1) ?? '').replace(/\r$/, '')];
    fields = [];
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
      let from = 0;
      const keep = (at: number): void => {
        if (at > from) parts.push(text.slice(from, at));
        from = at + 1;
      };
      for (let at = 0; at < text.length; at++) {
        if (length === 0) {
          beganAt = line;
          from = at;
        }
        const character = text[at];
        length++;
        if (character === '\n') line++;
        if (state === 'too long') {
          from = at + 1;
          if (character === '\n') {
            length = 0;
            state = 'plain';
          }
        } else if (length > LONGEST_RECORD) {
          yield { record: 'a record longer than any', line: beganAt };
          fields = [];
          parts = [];
          from = at + 1;
          state = 'too long';
        } else if (state === 'quoted') {
          if (character !== '"') continue;
          keep(at);
          state = 'quote';
        } else if (character === '"') {
          keep(at);
          // Twice it stands for itself; else it begins or ends a value.
          if (state === 'quote') parts.push('"');
          state = 'quoted';
        } else if (character === '\n') {
          keep(at);
          yield* finish();
        } else if (character === ',') {
          keep(at);
          endField();
          state = 'plain';
        }
      }
      if (state !== 'too long') keep(text.length);
    },
    *end() {
      if (length > 0 && state !== 'too long') yield* finish();
    },
  };
}

/** What has another number of values than there are names is told as it stands, and refused by whoever reads it. */
function recordOf(names: readonly string[], values: readonly string[]): string {
  if (values.length !== names.length) return values.join(',').slice(0, 200).replace(/\s+/g, ' ');
  return JSON.stringify(flatShownEvent(Object.fromEntries(names.map((name, index) => [name, values[index]]))));
}

import type { ByteStream } from '../../input/byte-stream.ts';
import { EVENT_END, eventStart, flatEvent } from '../windows/xml.ts';
import { byCharacters, LONGEST_RECORD, linesOf, type Teller, type Told } from './lines.ts';

/** Windows events in XML, each on a line or over several, alone or behind what syslog puts before: each as flat JSON. */
export const xmlAsLines = (stream: ByteStream): ByteStream => linesOf(stream, byCharacters(xmlTeller()));

/** What stands around events and says nothing. */
const FRAME = /^(?:<\?xml[^>]*\?>|<\/?Events[^>]*>|\s)*$/;

function xmlTeller(): Teller<string> {
  let line = 1;
  /** Of a line whose end has not come. */
  let rest = '';
  /** Whether there was an event on this line. */
  let isOurs = false;
  /** An event that has begun on a line before. */
  let begun: { text: string; readonly line: number } | undefined;

  function* finish(text: string): Generator<Told> {
    if (begun) yield { record: recordOf(begun.text + text), line: begun.line };
    begun = undefined;
  }

  /** Some of a line, or all of it. */
  function* take(text: string, isWhole: boolean): Generator<Told> {
    let at = 0;
    if (begun) {
      isOurs = true;
      const end = text.indexOf(EVENT_END);
      const start = eventStart(text, 0);
      // An event in which the next one begins was never finished.
      if (start >= 0 && (end < 0 || start < end)) yield* finish('');
      else if (end >= 0) {
        at = end + EVENT_END.length;
        yield* finish(text.slice(0, at));
      } else {
        begun.text += `${text}\n`;
        if (begun.text.length > LONGEST_RECORD) yield* finish('');
        return;
      }
    }
    for (let start = eventStart(text, at); start >= 0; start = eventStart(text, at)) {
      isOurs = true;
      const next = eventStart(text, start + 1);
      // Not behind the next one: a line of beginnings without an end would be searched again for each of them.
      const reach = text.slice(start, next < 0 ? text.length : next);
      const end = reach.indexOf(EVENT_END);
      const event = end < 0 ? reach : reach.slice(0, end + EVENT_END.length);
      at = start + event.length;
      if (end < 0 && next < 0) begun = { text: `${event}\n`, line };
      else yield { record: recordOf(event), line };
    }
    if (!isOurs && isWhole && !FRAME.test(text)) yield { record: text.trimEnd(), line };
  }

  return {
    *take(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const each of lines) {
        yield* take(each, true);
        isOurs = false;
        line++;
      }
      // All events may be on one line, which need not be kept until it ends.
      const end = rest.lastIndexOf(EVENT_END) + EVENT_END.length;
      if (end >= EVENT_END.length) {
        yield* take(rest.slice(0, end), false);
        rest = rest.slice(end);
      }
      if (rest.length > LONGEST_RECORD) {
        yield { record: beginning(rest), line };
        rest = '';
      }
    },
    *end() {
      if (rest !== '') yield* take(rest, true);
      yield* finish('');
    },
  };
}

/** What is no event is told as it stands, and refused by whoever reads it. */
function recordOf(xml: string): string {
  const event = xml.endsWith(EVENT_END) ? flatEvent(xml) : undefined;
  return event ? JSON.stringify(event) : beginning(xml);
}

const beginning = (text: string): string => text.slice(0, 200).replace(/\s+/g, ' ').trim();

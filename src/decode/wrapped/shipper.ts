import { isText } from '../record.ts';
import { flatEventIn } from '../windows/xml.ts';
import type { Wrapping } from './wrapping.ts';

/** What Filebeat and Logstash read as a line of text, and could not or should not take apart: it is in `message`. */
export const shippedLine: Wrapping = {
  dialect: 'a shipper',
  // Exports of Windows events have the text that people are shown there.
  recognizes: ({ message, winlog, event_id, EventID }) =>
    [winlog, event_id, EventID].every(own => own === undefined) &&
    isText(message) &&
    (/^\s*\{/.test(message) || flatEventIn(message) !== undefined),
  unwrap({ message }) {
    const line = isText(message) ? message.trim() : '';
    return line.startsWith('{') ? line : flatEventIn(line);
  },
};

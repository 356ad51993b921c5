import { flatEventIn } from '../windows/xml.ts';
import { isText, type Wrapping } from './wrapping.ts';

/** What Filebeat and Logstash read as a line of text, and could not or should not take apart: it is in `message`. */
export const shippedLine: Wrapping = {
  dialect: 'a shipper',
  recognizes: ({ message }) => isText(message) && /^\s*\{|<Event[\s>]/.test(message),
  unwrap({ message }) {
    const line = isText(message) ? message.trim() : '';
    return line.startsWith('{') ? line : flatEventIn(line);
  },
};

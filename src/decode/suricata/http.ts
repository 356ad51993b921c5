import { symbol, text } from '../field.ts';
import type { Log } from '../log.ts';
import { conversation } from './conversation.ts';

export const http: Log<'http'> = {
  name: 'http',
  title: 'Suricata EVE http events',
  kind: 'http',
  fields: {
    ...conversation,
    method: text('http.http_method'),
    host: text('http.hostname'),
    uri: text('http.url'),
    version: symbol('http.protocol', { meaning: protocol => protocol?.replace(/^HTTP\//, '') }),
  },
};

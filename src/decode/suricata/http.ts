import { name, symbol, text } from '../field.ts';
import type { Log } from '../log.ts';
import { conversation } from './conversation.ts';

const version = symbol('http.protocol', { meaning: protocol => protocol?.replace(/^HTTP\//, '') });

export const http: Log<'http'> = {
  name: 'http',
  title: 'Suricata EVE http events',
  kind: 'http',
  fields: {
    ...conversation,
    method: name('http.http_method'),
    host: name('http.hostname'),
    target: text('http.url'),
    version,
    requestVersion: version,
  },
};

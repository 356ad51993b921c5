import { code, name, symbol, text, unlogged } from '../field.ts';
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
    path: text('http.url'),
    status: code('http.status'),
    userAgent: name('http.http_user_agent'),
    hostPort: code('http.http_port'),
    hasBody: unlogged,
    contentType: symbol('http.http_content_type', { meaning: type => type?.split(';')[0]?.trim().toLowerCase() }),
    hasCredentials: unlogged,
  },
};

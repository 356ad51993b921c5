import { code, constant, name, some, symbol, text, unlogged } from '../field.ts';
import { conversation, zeekLog } from './zeek-log.ts';

export const http = zeekLog(
  'http',
  'http',
  { hallmark: 'request_body_len', foreign: 'call_id|request_from' },
  {
    ...conversation,
    transport: constant('tcp'),
    method: name('method'),
    host: name('host'),
    // What Zeek logs is decoded: %20 is a blank there.
    target: unlogged,
    // And this is the reply's (base/protocols/http/main.zeek).
    version: name('version'),
    requestVersion: unlogged,
    path: text('uri'),
    status: code('status_code'),
    userAgent: name('user_agent'),
    // Zeek cuts the port off.
    hostPort: unlogged,
    hasBody: some('request_body_len'),
    contentType: symbol([['resp_mime_types', '0'], ['resp_mime_types']], { meaning: types => types?.split(',')[0] }),
    hasCredentials: symbol('username', { meaning: user => user !== undefined && user !== '' }),
  },
);

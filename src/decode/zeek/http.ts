import { constant, text } from '../field.ts';
import { conversation, zeekLog } from './zeek-log.ts';

export const http = zeekLog('http', 'http', 'request_body_len', {
  ...conversation,
  transport: constant('tcp'),
  method: text('method'),
  host: text('host'),
  uri: text('uri'),
  version: text('version'),
});

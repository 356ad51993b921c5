import { address, code, rareNumber, symbol, text } from '../field.ts';
import { realPort } from '../transport.ts';
import { weirdNamed } from '../weirds.ts';
import { dotted, happening, zeekLog } from './zeek-log.ts';

/** Some weirds (an IP header without a length) belong to no connection: then `id` is unset. */
export const weird = zeekLog(
  'weird',
  'weird',
  { hallmark: 'notice' },
  {
    ...happening,
    name: symbol('name'),
    detail: text('addl'),
    known: symbol('name', { meaning: name => weirdNamed(name) }),
    originator: address(dotted('id.orig_h')),
    originatorPort: realPort(rareNumber(dotted('id.orig_p'))),
    responder: address(dotted('id.resp_h')),
    responderPort: realPort(code(dotted('id.resp_p'))),
    transport: symbol('source', { meaning: transportOf }),
  },
);

const overTcp: ReadonlySet<string> = new Set([
  'TCP',
  'CONTENTLINE',
  'HTTP',
  'SSL',
  'SSH',
  'SMTP',
  'FTP',
  'SMB',
  'RDP',
  'IRC',
]);

/** weird.log has no transport; `source` names the analyzer that was surprised, since Zeek 4. */
function transportOf(source: string | undefined): string | undefined {
  if (source === 'UDP') return 'udp';
  return source !== undefined && overTcp.has(source) ? 'tcp' : undefined;
}

import type { CertificateState } from '../../event/tls.ts';
import { constant, from, moment, symbol, text } from '../field.ts';
import type { Log } from '../log.ts';
import { conversation } from './conversation.ts';

const extended = { enable: 'outputs.eve-log.types.tls.extended: yes' };

const subject = text('tls.subject', extended);
const notAfter = moment('tls.notafter', extended);

export const tls: Log<'tls'> = {
  name: 'tls',
  title: 'Suricata EVE tls events',
  kind: 'tls',
  fields: {
    ...conversation,
    version: symbol('tls.version', { meaning: version => (version === 'UNDETERMINED' ? undefined : version) }),
    serverName: text('tls.sni'),
    clientHelloSeen: constant(true),
    certificate: from(
      {
        subject,
        issuer: text('tls.issuerdn'),
        notBefore: moment('tls.notbefore'),
        notAfter,
        time: moment('timestamp'),
      },
      ({ subject, issuer, notBefore, notAfter, time }): CertificateState | undefined => {
        if (subject === undefined) return undefined;
        if (subject === issuer) return 'self-signed';
        if (time !== undefined && notAfter !== undefined && notAfter < time) return 'expired';
        return time !== undefined && notBefore !== undefined && time < notBefore ? 'not-yet-valid' : 'ok';
      },
      { ...extended, tellers: ['subject'] },
    ),
    subject,
    notAfter,
  },
};

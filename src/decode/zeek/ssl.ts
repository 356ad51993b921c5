import type { CertificateState } from '../../event/tls.ts';
import { from, moment, symbol, text } from '../field.ts';
import { conversation, zeekLog } from './zeek-log.ts';

const validateCerts = '@load protocols/ssl/validate-certs';

const notAfter = moment('not_valid_after', { enable: validateCerts });

export const ssl = zeekLog('ssl', 'tls', 'established|ssl_history', {
  ...conversation,
  // ssl.log has no transport: DTLS runs on UDP, and QUIC's handshakes cannot be told from TCP's here.
  transport: symbol('version', { meaning: version => (version?.startsWith('DTLS') ? 'udp' : 'tcp') }),
  version: symbol('version'),
  serverName: text('server_name'),
  // Upper case C is the client's hello; one-sided captures show only what the server sent.
  clientHelloSeen: symbol('ssl_history', { meaning: history => history === undefined || history.includes('C') }),
  certificate: from(
    {
      status: symbol('validation_status', { meaning: certificateState }),
      subject: text('subject'),
      issuer: text('issuer|issuer_subject'),
      notAfter,
      time: moment('ts'),
    },
    ({ status, subject, issuer, notAfter, time }): CertificateState | undefined => {
      if (status !== undefined && status !== 'ok') return status;
      if (notAfter !== undefined && time !== undefined && notAfter < time) return 'expired';
      return status ?? (subject !== undefined && subject === issuer ? 'self-signed' : undefined);
    },
    { enable: validateCerts, tellers: ['status', 'subject', 'notAfter'] },
  ),
  subject: text('subject', { enable: validateCerts }),
  notAfter,
});

/** OpenSSL's words for X509_V_ERR_*; version 3 writes "self-signed" where earlier ones wrote "self signed". */
function certificateState(status: string | undefined): CertificateState | undefined {
  switch (status) {
    case undefined:
    case '':
      return undefined;
    case 'ok':
      return 'ok';
    case 'self signed certificate':
    case 'self-signed certificate':
      return 'self-signed';
    case 'certificate has expired':
      return 'expired';
    case 'certificate is not yet valid':
      return 'not-yet-valid';
    default:
      return 'untrusted';
  }
}

import type { CertificateState, Validity } from '../../event/tls.ts';
import { PairMap } from '../../value/pair-map.ts';
import { boolean, from, moment, name, symbol, together } from '../field.ts';
import { certificateDate, lifetimeOf, termWord } from '../lifetime.ts';
import { tlsVersion } from '../tls-version.ts';
import { disorderIn } from './ssl-history.ts';
import { conversation, zeekLog } from './zeek-log.ts';

const validateCerts = '@load protocols/ssl/validate-certs';

/** Until 4.0 by default. */
const shown = {
  enable: 'a script that adds subject, issuer and dates of certificates to ssl.log, as Zeek did until 4.0',
};

const notAfter = certificateDate('not_valid_after', shown);

/** Nearly always there are few: each is known by a number, and by another one once there were many. */
let agreements = new PairMap<string | undefined, string, number>();
let met = 0;
const MOST_AT_ONCE = 5000;

function agreementOf(version: string | undefined, cipher = '', protocol = ''): number {
  if (met % MOST_AT_ONCE === MOST_AT_ONCE - 1) agreements = new PairMap();
  return agreements.at(version, `${cipher} ${protocol}`, () => met++);
}

const lifetime = lifetimeOf(certificateDate('not_valid_before', shown), notAfter, shown);

export const ssl = zeekLog(
  'ssl',
  'tls',
  { hallmark: 'established|ssl_history' },
  {
    ...conversation,
    serverName: name('server_name'),
    // Upper case C is the client's hello; one-sided captures show only what the server sent.
    clientHelloSeen: symbol('ssl_history', { meaning: history => history === undefined || history.includes('C') }),
    certificate: from(
      {
        status: symbol('validation_status', { meaning: certificateState }),
        subject: name('subject'),
        issuer: name('issuer|issuer_subject'),
      },
      ({ status, subject, issuer }) =>
        status ?? (subject !== undefined && subject === issuer ? 'self-signed' : undefined),
      { enable: validateCerts, tellers: ['status', 'subject'] },
    ),
    ...together(
      {
        validity: from(
          { status: symbol('validation_status', { meaning: validity }), notAfter, time: moment('ts') },
          ({ status, notAfter, time }): Validity | undefined => {
            if (status !== undefined && status !== 'ok') return status;
            return notAfter !== undefined && time !== undefined && notAfter < time ? 'expired' : status;
          },
          { enable: validateCerts, tellers: ['status', 'notAfter'] },
        ),
        lifetime,
      },
      termWord,
    ),
    subject: name('subject', shown),
    issuer: name('issuer|issuer_subject', shown),
    notAfter,
    isNameHeld: boolean('sni_matches_cert'),
    ...together(
      {
        // ssl.log has no transport: DTLS runs on UDP, and QUIC's handshakes cannot be told from TCP's here.
        transport: symbol('version', { meaning: version => (version?.startsWith('DTLS') ? 'udp' : 'tcp') }),
        version: symbol('version', { meaning: tlsVersion }),
        cipher: symbol('cipher'),
        protocol: symbol('next_protocol'),
      },
      ({ version, cipher, protocol }) => agreementOf(version, cipher, protocol),
    ),
    shown: name([['cert_chain_fps', '0'], ['cert_chain_fps'], ['cert_chain_fuids', '0'], ['cert_chain_fuids']]),
    isResumed: boolean('resumed'),
    fingerprint: name('ja4|ja3', { enable: 'the package ja3 or ja4 (zkg install zeek/foxio/ja4)' }),
    disorder: symbol('ssl_history', { meaning: disorderIn }),
  },
);

/** OpenSSL's words for X509_V_ERR_*; version 3 writes "self-signed" where earlier ones wrote "self signed". */
function certificateState(status: string | undefined): CertificateState | undefined {
  switch (status) {
    case undefined:
    case '':
      return undefined;
    case 'ok':
    case EXPIRED:
    case NOT_YET_VALID:
      return 'ok';
    case 'self signed certificate':
    case 'self-signed certificate':
      return 'self-signed';
    default:
      return 'untrusted';
  }
}

const EXPIRED = 'certificate has expired';
const NOT_YET_VALID = 'certificate is not yet valid';

/** OpenSSL names one error: of a certificate that nobody trusts it does not say whether it is still valid. */
function validity(status: string | undefined): Validity | undefined {
  if (status === EXPIRED) return 'expired';
  if (status === NOT_YET_VALID) return 'not-yet-valid';
  return status === 'ok' ? 'ok' : undefined;
}

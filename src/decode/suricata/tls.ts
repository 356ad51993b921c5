import type { CertificateState, Validity } from '../../event/tls.ts';
import { boolean, constant, from, moment, name, symbol, together, unlogged } from '../field.ts';
import { certificateDate, lifetimeOf, termWord } from '../lifetime.ts';
import type { Log } from '../log.ts';
import { tlsVersion } from '../tls-version.ts';
import { cipherNamed } from './ciphers.ts';
import { conversation } from './conversation.ts';

const extended = { enable: 'outputs.eve-log.types.tls.extended: yes' };
/** With or without `extended`, but not where `custom` leaves it out, nor of handshakes whose certificate is encrypted. */
const shown = { enable: 'subject and issuer in outputs.eve-log.types.tls, of TLS 1.2 and before' };

const subject = name('tls.subject', shown);
const notAfter = certificateDate('tls.notafter', extended);
const notBefore = certificateDate('tls.notbefore', extended);

const versionOf = (version: string | undefined): string | undefined =>
  version === 'UNDETERMINED' ? undefined : tlsVersion(version);

const version = symbol('tls.version', { meaning: versionOf, ...extended });

export const tls: Log<'tls'> = {
  name: 'tls',
  title: 'Suricata EVE tls events',
  kind: 'tls',
  fields: {
    ...conversation,
    version,
    // Who logs the version logs the name too, where there is one.
    serverName: from({ name: name('tls.sni'), version }, ({ name }) => name, {
      ...extended,
      tellers: ['name', 'version'],
    }),
    clientHelloSeen: constant(true),
    certificate: from(
      { subject, issuer: name('tls.issuerdn') },
      ({ subject, issuer }): CertificateState | undefined => {
        if (subject === undefined) return undefined;
        return subject === issuer ? 'self-signed' : 'ok';
      },
      { ...shown, tellers: ['subject'] },
    ),
    ...together(
      {
        validity: from(
          { notBefore, notAfter, time: moment('timestamp') },
          ({ notBefore, notAfter, time }): Validity | undefined => {
            if (time === undefined || notAfter === undefined) return undefined;
            if (notAfter < time) return 'expired';
            return notBefore !== undefined && time < notBefore ? 'not-yet-valid' : 'ok';
          },
          { ...extended, tellers: ['notAfter'] },
        ),
        lifetime: lifetimeOf(notBefore, notAfter, extended),
      },
      termWord,
    ),
    subject,
    issuer: name('tls.issuerdn', shown),
    notAfter,
    isNameHeld: unlogged,
    shown: unlogged,
    cipher: symbol('tls.server_handshake.cipher', {
      meaning: cipherNamed,
      enable: 'server_handshake in outputs.eve-log.types.tls.custom, since Suricata 8',
    }),
    protocol: symbol('tls.server_alpns.0', {
      enable: 'server_alpns in outputs.eve-log.types.tls.custom, since Suricata 8',
    }),
    // Only what is resumed says so.
    isResumed: from(
      { resumed: boolean('tls.session_resumed'), version },
      ({ resumed, version }) => resumed ?? (version === undefined ? undefined : false),
    ),
    fingerprint: name('tls.ja4|tls.ja3.hash', { enable: 'app-layer.protocols.tls.ja4-fingerprints: yes' }),
    disorder: unlogged,
  },
};

import type { CertificateState, Tls, Validity } from '../event/tls.ts';
import { oneOf } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { dayText, isoTime } from '../value/time.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf } from './from-row.ts';

type Fault = Extract<CertificateState, 'self-signed'> | Exclude<Validity, 'ok'>;

/** A server shows a certificate that no client should accept. */
export const certificate = defineDetector({
  name: 'certificate',
  needs: { tls: [], certificate: [] },
  options: { state: oneOf(['self-signed', 'expired', 'not-yet-valid'] satisfies Fault[], 'self-signed') },
  needsFor: ({ state }) => ({ tls: [state === 'self-signed' ? 'certificate' : 'validity'], certificate: ['subject'] }),

  detect(event, { state }) {
    if (event.kind === 'certificate') return undefined;
    const told = state === 'self-signed' ? event.certificate : event.validity;
    // The certificates of WebRTC, which speaks DTLS, are self-signed by design (RFC 8827 section 6.5).
    return told === state && event.transport !== 'udp' ? { summary: summaryOf(event, state) } : undefined;
  },

  *conclude(baseline, { state }) {
    for (const { row, facts, isJudged } of baseline.certificates.shown) {
      const { subject, issuer, notBefore, notAfter } = facts;
      const isFaulty = {
        'self-signed': subject !== undefined && subject === issuer,
        expired: notAfter !== undefined && notAfter < row.first,
        'not-yet-valid': notBefore !== undefined && row.first < notBefore,
      };
      if (isJudged || !isFaulty[state] || baseline.symbols.text(row.transport) === 'udp') continue;
      const sign = { summary: summaryOf({ subject, notAfter, time: row.first }, state) };
      yield fromRow(row, partiesOf(row, baseline), sign, baseline);
    }
  },
});

function summaryOf({ subject, notAfter, time }: Pick<Tls, 'subject' | 'notAfter' | 'time'>, state: Fault): string {
  const [, name = subject] = /(?:^|[,/])\s*CN=([^,/]+)/.exec(subject ?? '') ?? [];
  const whose = name === undefined ? '' : ` of ${shortened(name, 60)}`;
  switch (state) {
    case 'self-signed':
      return `a self-signed certificate${whose}`;
    case 'expired':
      return notAfter !== undefined && notAfter < time
        ? `a certificate${whose} that ended on ${dayText(isoTime(notAfter))}`
        : `an expired certificate${whose}`;
    case 'not-yet-valid':
      return `a certificate${whose} that is not valid yet`;
  }
}

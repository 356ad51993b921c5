import type { CertificateState, Tls } from '../event/tls.ts';
import { oneOf } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { isoTime } from '../value/time.ts';
import { defineDetector } from './detector.ts';

/** A server shows a certificate that no client should accept. */
export const certificate = defineDetector({
  name: 'certificate',
  needs: { tls: ['certificate'] },
  options: { state: oneOf(['self-signed', 'expired', 'not-yet-valid'] satisfies CertificateState[], 'self-signed') },

  detect(event, { state }) {
    return event.certificate === state ? { summary: summaryOf(event, state) } : undefined;
  },
});

function summaryOf({ subject, notAfter, time }: Tls, state: 'self-signed' | 'expired' | 'not-yet-valid'): string {
  const [, name = subject] = /(?:^|[,/])\s*CN=([^,/]+)/.exec(subject ?? '') ?? [];
  const whose = name === undefined ? '' : ` of ${shortened(name, 60)}`;
  switch (state) {
    case 'self-signed':
      return `a self-signed certificate${whose}`;
    case 'expired':
      return notAfter !== undefined && notAfter < time
        ? `a certificate${whose} that ended on ${isoTime(notAfter).slice(0, 10)}`
        : `an expired certificate${whose}`;
    case 'not-yet-valid':
      return `a certificate${whose} that is not valid yet`;
  }
}

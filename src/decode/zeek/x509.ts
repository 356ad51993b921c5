import { host, name } from '../field.ts';
import { certificateDate } from '../lifetime.ts';
import { happening, zeekLog } from './zeek-log.ts';

/** What is in certificates: ssl.log names them by fingerprint, before Zeek 4.1 by the file's identifier. */
export const x509 = zeekLog(
  'x509',
  'certificate',
  { hallmark: 'certificate.serial' },
  {
    ...happening,
    certificate: host('fingerprint|id'),
    subject: name([['certificate.subject'], ['certificate', 'subject'], ['certificate_subject']]),
    issuer: name([['certificate.issuer'], ['certificate', 'issuer'], ['certificate_issuer']]),
    notBefore: certificateDate([
      ['certificate.not_valid_before'],
      ['certificate', 'not_valid_before'],
      ['certificate_not_valid_before'],
    ]),
    notAfter: certificateDate([
      ['certificate.not_valid_after'],
      ['certificate', 'not_valid_after'],
      ['certificate_not_valid_after'],
    ]),
  },
);

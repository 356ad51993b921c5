import type { Validity } from '../event/tls.ts';
import { DAY, type Micros } from '../value/time.ts';
import { type Field, from } from './field.ts';

/** For how many days a certificate is valid that is so from one time to another. */
export const lifetimeOf = (
  notBefore: Field<Micros | undefined>,
  notAfter: Field<Micros | undefined>,
  settings: { readonly enable: string },
): Field<number | undefined> =>
  from(
    { notBefore, notAfter },
    ({ notBefore, notAfter }) =>
      notBefore === undefined || notAfter === undefined ? undefined : Math.floor((notAfter - notBefore) / DAY),
    { ...settings, tellers: ['notBefore'] },
  );

/** Both in one small number. */
export const termWord = ({
  validity,
  lifetime = -1,
}: {
  readonly validity: Validity | undefined;
  readonly lifetime: number | undefined;
}): number => 4 * Math.max(0, lifetime + 1) + (validity === undefined ? 0 : validities.indexOf(validity) + 1);

const validities: readonly Validity[] = ['ok', 'expired', 'not-yet-valid'];

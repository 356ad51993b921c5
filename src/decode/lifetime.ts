import type { Validity } from '../event/tls.ts';
import type { PlanColumn } from '../kernel/plan.ts';
import { DAY, type Micros, SECOND } from '../value/time.ts';
import { type Field, firstOf, from, moment, rareNumber, text } from './field.ts';

/**
 * When a certificate begins or ends to be valid: people make such for a hundred years, and no clock of a sensor is believed that
 * goes so wrong (`value/time.ts`).
 */
export function certificateDate(
  spelling: string | PlanColumn['paths'],
  settings: { readonly enable?: string } = {},
): Field<Micros | undefined> {
  const usual = moment(spelling, settings);
  const { tellers, logged } = usual;
  const far = from({ seconds: rareNumber(spelling) }, ({ seconds }) =>
    datedWithin(seconds === undefined ? Number.NaN : seconds * SECOND),
  );
  const written = from({ date: text(spelling) }, ({ date }) => microsOf(date));
  return { ...firstOf(usual, far, written), tellers, logged, likeness: undefined };
}

const microsOf = (date: string | undefined): Micros | undefined =>
  datedWithin(
    date === undefined ? Number.NaN : Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(date) ? date : `${date}Z`) * 1000,
  );

/** RFC 5280 section 4.1.2.5 has years of four digits. */
const datedWithin = (time: Micros): Micros | undefined => (Math.abs(time) < YEAR_9999 ? time : undefined);

const YEAR_9999 = 253_402_300_800 * SECOND;

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

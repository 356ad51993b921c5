import type { Mentioning } from './mention.ts';

/** A tunnel that the sensor looks into. */
export interface Tunnel extends Mentioning {
  readonly kind: 'tunnel';
  /** `gre`, `teredo`, `vxlan` …: lower case. */
  readonly encapsulation: string | undefined;
}

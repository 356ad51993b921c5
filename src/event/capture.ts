import type { Happening } from './conversation.ts';

/** What the sensor says of itself: how much of the traffic it lost. */
export interface Capture extends Happening {
  readonly kind: 'capture';
  /** Of 100; undefined where nothing could be measured. */
  readonly lost: number | undefined;
  readonly sensor: 'Zeek' | 'Suricata';
}

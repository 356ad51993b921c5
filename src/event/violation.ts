import type { Mentioning } from './mention.ts';

/** The sensor's parser of a protocol gave up: it met what the protocol does not allow. */
export interface Violation extends Mentioning {
  readonly kind: 'violation';
  /** The protocol, in the words of `event/service.ts`. */
  readonly service: string | undefined;
  readonly reason: string | undefined;
}

import type { Level } from '../value/level.ts';

/** Findings that belong together: what one attacker, or one fault, did on one machine or between the same two. */
export interface Incident {
  readonly id: string;
  /** 0 to 100, and the level that it stands for. */
  readonly score: number;
  readonly level: Level;
  /** Whom it is about and who did it, in one line. */
  readonly message: string;
  readonly start: string;
  readonly end: string;
  readonly hosts: readonly string[];
  readonly peers: readonly string[];
  readonly processes: readonly string[];
  /** The ids of its findings, in the order in which they began: told now or by an earlier run. */
  readonly findings: readonly string[];
}

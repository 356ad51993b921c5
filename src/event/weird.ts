import type { Level } from '../value/level.ts';
import type { Mentioning } from './mention.ts';

/**
 * An oddity that the sensor itself reports: a line of Zeek's weird.log, a Suricata anomaly. Some belong to no flow.
 * Zeek samples them (25 of a name, then one in a thousand): that a name is there means something, how often does not.
 */
export interface Weird extends Mentioning {
  readonly kind: 'weird';
  readonly name: string | undefined;
  readonly detail: string | undefined;
  /** What the catalogue has to say of the name; undefined where it has nothing. */
  readonly known: KnownWeird | undefined;
}

/** What is known of a word of a sensor. */
export interface KnownWeird {
  /** As the catalogue spells it; Suricata's parsers have the protocol before it. */
  readonly name: string;
  readonly sensor: 'Zeek' | 'Suricata';
  /** What was on the wire, as a phrase. */
  readonly means: string;
  /** `sensor`: it tells of the capture alone, and of no oddity in the traffic. */
  readonly severity: Level | 'sensor';
  /** What it mostly comes from. */
  readonly harmless: string;
  /** ATT&CK techniques. */
  readonly attack: readonly string[];
  /** The rule that tells of it; undefined: whichever tells of all that no other does. */
  readonly rule: string | undefined;
  /** By which both sensors' words for the same are known: Zeek's name, where it has one. */
  readonly concept: string;
  /** The other sensor's names for the same. */
  readonly twins: readonly string[];
}

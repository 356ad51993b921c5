import type { Level } from '../value/level.ts';

/** What a finding means: a YAML file gives a mechanism its title, level, options and what may be harmless about it. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly status: 'experimental' | 'test' | 'stable';
  readonly version: number;
  readonly description: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly analytics: readonly string[];
  readonly level: Level;
  readonly category: 'protocol-anomaly' | 'first-seen' | 'process-anomaly';
  readonly detector: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Roles and tags of the hosts that it tells of (empty: of all), and of those that it does not. */
  readonly only_for: readonly string[];
  readonly not_for: readonly string[];
  /** `with-others`: it only adds to what other rules tell of the same parties. */
  readonly told: 'alone' | 'with-others';
  /** Whether what others tell adds to it. */
  readonly climbs: boolean;
  readonly falsepositives: readonly string[];
  /** The folder that it lies in. What rules of one family see in one subject is one and the same oddity. */
  readonly family: string;
  /** `file:line` of a key, for a message about it. */
  placeOf(...path: readonly string[]): string;
}

/** A rule that cannot be used; the message says where, what, and what was expected. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

/** Reads all, and reports all that is wrong, not only the first. */
export function readEach<Item, Value>(items: readonly Item[], read: (item: Item) => Value): readonly Value[] {
  const values: Value[] = [];
  const wrong: string[] = [];
  for (const item of items) {
    try {
      values.push(read(item));
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      wrong.push(error.message);
    }
  }
  if (wrong.length > 0) throw new RuleError(wrong.join('\n'));
  return values;
}

const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/;

/** The ATT&CK techniques among the tags: `T1571`. */
export const techniquesOf = ({ tags }: Rule): readonly string[] =>
  tags.flatMap(tag => TECHNIQUE.exec(tag)?.[1]?.toUpperCase() ?? []);

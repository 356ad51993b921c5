import { existsSync, readFileSync } from 'node:fs';
import type { KnownWeird } from '../event/weird.ts';
import { fileOf } from '../value/home.ts';
import { madeAt } from '../value/made-at.ts';
import { once } from '../value/once.ts';

/** A file of `rules/weirds/`: the words of one sensor. */
export interface WeirdFile {
  readonly sensor: KnownWeird['sensor'];
  readonly entries: Readonly<Record<string, WeirdEntry>>;
}

type WeirdEntry = Pick<KnownWeird, 'means' | 'severity' | 'harmless'> &
  Partial<Pick<KnownWeird, 'attack' | 'rule' | 'twins'>>;

export type Catalogue = ReadonlyMap<string, KnownWeird>;

/** Every name of some files, by the name in lower case. */
export function catalogueOf(files: readonly WeirdFile[]): Catalogue {
  const known = new Map<string, KnownWeird>();
  for (const { sensor, entries } of files)
    for (const [name, entry] of Object.entries(entries))
      known.set(name.toLowerCase(), { attack: [], rule: undefined, twins: [], ...entry, name, sensor, concept: name });
  // What both sensors say of the same traffic weighs the same, and is told by the same rule.
  for (const { name, severity, rule, attack, twins } of [...known.values()])
    for (const twin of twins) {
      const other = known.get(twin.toLowerCase());
      if (other) known.set(twin.toLowerCase(), { ...other, severity, rule, attack, concept: name, twins: [name] });
    }
  return known;
}

/** What the build has read of `rules/weirds/`. */
export const weirdsAtBuild = fileOf('dist/weirds.json');

export const weirds = once(
  (): Catalogue => catalogueOf(existsSync(weirdsAtBuild) ? JSON.parse(readFileSync(weirdsAtBuild, 'utf8')) : []),
);

/**
 * What is known of a name. Suricata's parsers leave out which protocol an event is of, and write that beside it; some
 * versions and shippers leave out `decoder.`; what Zeek meets in a tunnel it names so.
 */
export function weirdNamed(name: string | undefined, protocol?: string): KnownWeird | undefined {
  if (name === undefined) return undefined;
  const plain = name.toLowerCase();
  const all = weirds();
  return (
    (protocol === undefined ? undefined : all.get(`${protocol.toLowerCase()}.${plain}`)) ??
    all.get(plain) ??
    all.get(`decoder.${plain}`) ??
    all.get(plain.replace(/_in_tunnel$/, ''))
  );
}

/** The rules that tell of words of a sensor, beside what they see themselves. */
export const reportedRules = once((): ReadonlyMap<string, ReadonlySet<KnownWeird['sensor']>> => {
  const rules = new Map<string, Set<KnownWeird['sensor']>>();
  for (const { rule, sensor, severity } of weirds().values())
    if (rule !== undefined && severity !== 'sensor') madeAt(rules, rule, () => new Set()).add(sensor);
  return rules;
});

/** The words that a rule hears, by a sensor or by both. */
export const reportedNames = (id: string, of?: KnownWeird['sensor']): readonly string[] =>
  [...weirds().values()].flatMap(({ name, rule, sensor, severity }) =>
    rule === id && severity !== 'sensor' && (of === undefined || of === sensor) ? [name] : [],
  );

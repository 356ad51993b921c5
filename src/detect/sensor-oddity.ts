import { isLevel, type Level } from '../value/level.ts';
import { oneOf, type Reader, wordsByName } from '../value/reader.ts';
import { defineDetector } from './detector.ts';
import { wordOf } from './reported.ts';

type Weight = Level | 'sensor';

/** Names, or beginnings of names with `*` behind them, by how much they matter; compared without case. */
type SeverityMap = (name: string) => Weight | undefined;

/**
 * What the sensor itself found odd, by name, as far as no other rule tells of it. How often a name comes says little (Zeek
 * samples weirds), so presence and rarity count; names about the sensor's own trouble (lost packets, offloaded checksums)
 * are no oddity of the traffic.
 */
export const sensorOddity = defineDetector({
  name: 'sensor-oddity',
  needs: { weird: ['name'] },
  options: {
    /** What matters otherwise here than in the catalogue; `sensor` holds the names that only tell of the capture. */
    names: severityMap(),
    /** How much a name matters that nobody has listed. */
    unlisted: oneOf(['informational', 'low', 'medium', 'high', 'critical'], 'low'),
  },

  detect(event, { names, unlisted }) {
    const { name, known } = event;
    if (name === undefined) return undefined;
    // What somebody has listed here counts, whatever the catalogue says.
    const listed = names(name);
    if (listed === undefined && known?.rule !== undefined) return undefined;
    const level = listed ?? known?.severity ?? unlisted;
    const sign = level === 'sensor' ? undefined : wordOf(event);
    return sign && level !== 'sensor' ? { ...sign, level } : undefined;
  },
});

function severityMap(): Reader<SeverityMap> {
  const lists = wordsByName();
  return {
    expects: 'lists of names under informational, low, medium, high, critical or sensor',
    fallback: () => undefined,
    read(input) {
      const byLevel = [...(lists.read(input) ?? [['', new Set<string>()] as const])];
      const weighted = byLevel.flatMap(([level, names]) =>
        isWeight(level) ? [...names].map(name => ({ name, level })) : [],
      );
      return byLevel.every(([level]) => isWeight(level)) ? lookup(weighted) : undefined;
    },
  };
}

const isWeight = (text: string): text is Weight => text === 'sensor' || isLevel(text);

function lookup(weighted: readonly { readonly name: string; readonly level: Weight }[]): SeverityMap {
  const whole = new Map<string, Weight>();
  const beginnings: { readonly beginning: string; readonly level: Weight }[] = [];
  for (const { name, level } of weighted) {
    if (name.endsWith('*')) beginnings.push({ beginning: name.slice(0, -1).toLowerCase(), level });
    else whole.set(name.toLowerCase(), level);
  }
  return name => {
    const plain = name.toLowerCase();
    return whole.get(plain) ?? beginnings.find(({ beginning }) => plain.startsWith(beginning))?.level;
  };
}

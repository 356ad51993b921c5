import { weirdNamed, weirds } from '../decode/weirds.ts';
import type { KnownWeird } from '../event/weird.ts';
import { suggestion } from '../value/suggestion.ts';
import { listed } from '../value/text.ts';
import { UsageError } from './terminal.ts';

/** What one word of a sensor means. */
export function weirdText(name: string): string {
  const known = weirdNamed(name) ?? endingIn(name);
  if (!known) {
    const names = [...weirds().values()].map(weird => weird.name);
    const hint = suggestion(name, names);
    throw new UsageError(
      `the catalogue does not have ${name}${hint}; what it does not have is no less an oddity, and counts by how rare it is`,
    );
  }
  const { sensor, means, severity, harmless, attack, rule, twins } = known;
  const isAboutSensor = severity === 'sensor';
  const lines = [
    `${known.name} (${sensor}${isAboutSensor ? ', about the capture' : `, ${severity}`})`,
    `${means[0]?.toUpperCase()}${means.slice(1)}.`,
    '',
    `Mostly: ${harmless}`,
    isAboutSensor
      ? 'Told by no rule: it says something of the sensor, and nothing of the traffic'
      : `Told by: ${rule ?? 'sensor-oddity'}`,
    ...(attack.length > 0 ? [`ATT&CK: ${attack.join(', ')}`] : []),
    ...(twins.length > 0 ? [`${sensor === 'Zeek' ? 'Suricata' : 'Zeek'} says: ${listed(twins)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** `invalid_record_type`, as EVE writes it, without the protocol that it writes beside it. */
const endingIn = (name: string): KnownWeird | undefined =>
  [...weirds()].find(([key]) => key.endsWith(`.${name.toLowerCase()}`))?.[1];

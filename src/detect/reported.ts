import type { Weird } from '../event/weird.ts';
import type { Sign } from '../finding/evidence.ts';
import { lazily } from '../value/once.ts';
import { words } from '../value/reader.ts';
import { anyLike } from '../value/text.ts';
import { type Detector, defineDetector } from './detector.ts';

/** What the sensor's own parsers report, by name. */
export const reported = defineDetector({
  name: 'reported',
  needs: { weird: ['name'] },
  options: {
    /** Further names beside those of the catalogue; `*` stands for any part; compared without case. */
    names: words(),
  },

  detect: (event, { names }) => (isAnyOf(names)(event.name?.toLowerCase() ?? '') ? signOf(event) : undefined),
});

/** The options of a rule are the same for all events. */
const isAnyOf = lazily((names: ReadonlySet<string>) => anyLike(names));

/** The names that the catalogue gives to a rule, whatever its own mechanism. */
export const reportedFor = (rule: string): Detector => ({
  ...reported,
  detect: event => (event.kind === 'weird' && event.known?.rule === rule ? signOf(event) : undefined),
});

/** What a word says; undefined for what only tells of the capture. */
const signOf = (event: Weird): Sign | undefined => (event.known?.severity === 'sensor' ? undefined : wordOf(event));

/** What a word says, whatever it is about. */
export function wordOf({ name, known, detail, originator }: Weird): Sign | undefined {
  if (name === undefined) return undefined;
  // Of no flow, it leads nowhere.
  const confidence = originator === undefined ? 0.5 : 1;
  if (!known)
    return {
      summary: `the sensor reports ${name}${detail ? ` (${detail})` : ''}`,
      aspect: name.toLowerCase(),
      confidence,
    };
  const { means, severity, concept } = known;
  const level = severity === 'sensor' ? undefined : severity;
  return {
    summary: `${means} (the sensor reports ${name})`,
    aspect: concept.toLowerCase(),
    ...(level && { level }),
    confidence,
  };
}

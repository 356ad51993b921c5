import { reportedRules } from '../decode/weirds.ts';
import type { Detector } from '../detect/detector.ts';
import { detectors } from '../detect/detectors.ts';
import { reportedFor } from '../detect/reported.ts';
import type { EventKind } from '../event/event.ts';
import { type Rule, RuleError } from '../rule/rule.ts';
import { suggestion } from '../value/suggestion.ts';

/** A rule with its mechanism and its options read. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly detector: Detector;
  readonly options: object;
}

/** Who looks at events, and under which name what he sees is written down. */
export interface Listener extends Omit<ActiveRule, 'rule'> {
  readonly rule: Pick<Rule, 'id'>;
}

/** Whoever looks at events of a kind for a rule: its own mechanism, and whoever hears what the sensor says. */
export const watchersOf = (active: Listener, kind: EventKind): readonly Listener[] => [
  ...(active.detector.detect && active.detector.needs[kind] ? [active] : []),
  ...(kind === 'weird' && reportedRules().has(active.rule.id)
    ? [{ ...active, detector: reportedFor(active.rule.id) }]
    : []),
];

/** The fields of a kind of event that somebody who looks at it takes for granted. */
export const needsOf = ({ detector, options }: Listener, kind: EventKind): readonly string[] => [
  ...(detector.needs[kind] ?? []),
  ...(detector.needsFor?.(options)[kind] ?? []),
];

/** Finds the mechanism and checks the options, so that a bad rule stops the run before anything is read. */
export function activate(rule: Rule): ActiveRule {
  const detector = detectors.find(({ name }) => name === rule.detector);
  if (!detector) {
    const names = detectors.map(({ name }) => name);
    const hint = suggestion(rule.detector, names);
    throw new RuleError(
      `${rule.placeOf('detector')}: no detector is called ${rule.detector}${hint}; there are ${names.join(', ')}`,
    );
  }
  for (const name of Object.keys(rule.options)) {
    if (Object.hasOwn(detector.options, name)) continue;
    const names = Object.keys(detector.options);
    const hint = suggestion(name, names);
    throw new RuleError(
      `${rule.placeOf('options', name)}: ${rule.detector} has no option ${name}${hint}; it has ${names.join(', ') || 'none'}`,
    );
  }
  const options = Object.entries(detector.options).map(([name, reader]) => {
    if (!Object.hasOwn(rule.options, name)) return [name, reader.fallback];
    const value = reader.read(rule.options[name]);
    if (value === undefined)
      throw new RuleError(`${rule.placeOf('options', name)}: options.${name}: expected ${reader.expects}`);
    return [name, value];
  });
  return { rule, detector, options: Object.fromEntries(options) };
}

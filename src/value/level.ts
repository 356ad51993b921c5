/** Sigma's words for how much a finding matters, least first. */
export const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;

export type Level = (typeof levels)[number];

export const isLevel = (text: unknown): text is Level => levels.some(level => level === text);

/** 1 (informational) to 5 (critical), as ECS `event.severity`. */
export const severityOf = (level: Level): number => levels.indexOf(level) + 1;

export const isAtLeast = (level: Level, floor: Level): boolean => severityOf(level) >= severityOf(floor);

import { counted, visible } from '../value/text.ts';

/** How many lines of one kind of trouble are named; the others are counted. */
const MOST_NAMED = 3;

/** Bad lines as they are met: the first few of each kind by place, then a count. */
export interface Complaints {
  /** A message for a line, unless enough of its kind have been named. */
  about(source: string, line: number, reason: string): string | undefined;
  /** What was left unsaid. */
  rest(): readonly string[];
}

export function createComplaints(): Complaints {
  const counts = new Map<string, number>();
  return {
    about(source, line, reason) {
      const kind = kindOf(reason);
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      return count > MOST_NAMED ? undefined : `oddtalk: ${visible(source)}:${line}: ${visible(reason)}\n`;
    },
    rest: () =>
      [...counts]
        .filter(([, count]) => count > MOST_NAMED)
        .map(([kind, count]) => `oddtalk: … and ${counted(count - MOST_NAMED, 'more line')}: ${visible(kind)}\n`),
  };
}

/** Reasons that differ in their numbers are of one kind. */
const kindOf = (reason: string): string => reason.replace(/\d+/g, 'n');

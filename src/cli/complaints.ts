import { counted } from '../value/text.ts';

/** How many lines of one kind of trouble are named for each source; the others are counted. */
const NAMED_OF_A_KIND = 3;
/** However many sources and kinds there are: more than this nobody reads. */
const MOST_NAMED = 30;

/** Bad lines as they are met: the first few of each kind by place, then a count. */
export interface Complaints {
  /** What to say of a line; nothing where enough of its kind have been named. */
  about(source: string, line: number, reason: string): string | undefined;
  /** What was left unsaid. */
  rest(): readonly string[];
}

interface Unsaid {
  lines: number;
  readonly sources: Set<string>;
}

export function createComplaints(): Complaints {
  const counts = new Map<string, number>();
  const unsaid = new Map<string, Unsaid>();
  let named = 0;
  return {
    about(source, line, reason) {
      const kind = kindOf(reason);
      const key = `${source}\n${kind}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count <= NAMED_OF_A_KIND && named < MOST_NAMED) {
        named++;
        return `${source}:${line}: ${reason}`;
      }
      const more = unsaid.get(kind) ?? { lines: 0, sources: new Set() };
      unsaid.set(kind, more);
      more.lines++;
      more.sources.add(source);
      return undefined;
    },
    rest: () =>
      [...unsaid].map(([kind, { lines, sources }]) => {
        const [first] = sources;
        const where = sources.size === 1 ? first : counted(sources.size, 'file');
        return `… and ${counted(lines, 'more line')} of ${where}: ${kind}`;
      }),
  };
}

/** Reasons that differ in their numbers are of one kind. */
const kindOf = (reason: string): string => reason.replace(/\d+/g, 'n');

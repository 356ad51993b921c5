import { kindOf, type Refusals } from '../pipeline/refusals.ts';
import { counted } from '../value/text.ts';

/** However many sources and kinds there are: more than this nobody reads. */
const MOST_NAMED = 30;

/** Bad lines: the first few of each source and kind by place, then counts. */
export interface Complaints {
  /** What to say of a source that has been read. */
  about(source: string, refusals: Refusals): readonly string[];
  /** What was left unsaid. */
  rest(): readonly string[];
}

interface Unsaid {
  /** The first of its kind. */
  readonly reason: string;
  lines: number;
  readonly sources: Set<string>;
}

export function createComplaints(): Complaints {
  const unsaid = new Map<string, Unsaid>();
  let named = 0;

  const leaveUnsaid = (source: string, reason: string, lines: number): void => {
    const more = unsaid.get(kindOf(reason)) ?? { reason, lines: 0, sources: new Set() };
    unsaid.set(kindOf(reason), more);
    more.lines += lines;
    more.sources.add(source);
  };

  return {
    about(source, refusals) {
      const said = refusals.named.slice(0, MOST_NAMED - named);
      named += said.length;
      for (const { reason } of refusals.named.slice(said.length)) leaveUnsaid(source, reason, 1);
      for (const [reason, lines] of refusals.more) leaveUnsaid(source, reason, lines);
      return said.map(({ line, reason }) => `${source}:${line}: ${reason}`);
    },
    rest: () =>
      [...unsaid.values()].map(({ reason, lines, sources }) => {
        const [first] = sources;
        const where = sources.size === 1 ? first : counted(sources.size, 'file');
        return `… and ${counted(lines, 'more line')} of ${where}: ${reason}`;
      }),
  };
}

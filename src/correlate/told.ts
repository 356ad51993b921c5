import type { Database } from '../baseline/store/database.ts';
import type { Finding } from '../finding/finding.ts';
import { isAtLeast, type Level, severityOf } from '../value/level.ts';
import { inTextOrder } from '../value/order.ts';
import { isoTime, type Micros } from '../value/time.ts';
import type { Draft } from './findings.ts';

/** What became of a finding: `learnt` are those that somebody wants to hear nothing of. */
type State = 'printed' | 'learnt' | 'withdrawn';

/** Of the findings that stand now what has not been told yet. */
export interface News {
  /** What is new, what has risen in level, and what was told and does not stand any more. */
  readonly findings: readonly Finding[];
  /** How many stand that have been told. */
  readonly known: number;
}

/** Remembers what has been told, so that nobody hears it twice, and nothing is lost if a run dies before it tells. */
export interface Told {
  /** `standing`: the ids of all that stand, though nobody wants to hear of some; `rules`: those that were asked. What others have said stands as it stood. */
  newsOf(drafts: readonly Draft[], standing: ReadonlySet<string>, rules: ReadonlySet<string>): News;
  /** From now on these are known. */
  settle(findings: readonly Finding[], state: 'printed' | 'learnt'): void;
  /** Forgets findings that were last seen before a time. */
  expire(before: Micros): void;
  /** The ids of those of which somebody has said so. */
  benign(): ReadonlySet<string>;
  /** By its id, or by how that begins. */
  find(id: string): Finding | undefined;
}

export function createTold(database: Database): Told {
  const write = database.doing(`
    INSERT OR REPLACE INTO findings (id, state, rule, level, score, message, first, last, finding)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const grow = database.doing('UPDATE findings SET last = ? WHERE id = ?');
  const find = (id: string): Finding | undefined => {
    const row = database.row("SELECT finding FROM findings WHERE id LIKE ? || '%'", id);
    return row === undefined ? undefined : (JSON.parse(String(row[0])) as Finding);
  };
  return {
    find,
    benign: () =>
      new Set([...database.rows("SELECT id FROM triage WHERE verdict = 'benign'")].map(([id]) => String(id))),
    newsOf(drafts, standing, rules) {
      const before = new Map<string, Before>();
      for (const [id, state, level, rule, last] of database.rows('SELECT id, state, level, rule, last FROM findings'))
        before.set(String(id), {
          state: state as State,
          level: level as Level,
          rule: String(rule),
          last: String(last),
        });
      const grown = drafts.filter(({ id, end }) => (before.get(id)?.last ?? end) < end);
      database.together(() => {
        for (const { id, end } of grown) grow(end, id);
      });
      const news = drafts.flatMap(({ id, level, written }): readonly Finding[] => {
        const known = before.get(id);
        if (known === undefined || known.state === 'withdrawn') return [written()];
        const isHigher = !isAtLeast(known.level, level);
        return isHigher && known.state === 'printed' ? [withStatus(written(), 'raised')] : [];
      });
      const gone = [...before]
        .filter(([id, { state, rule }]) => state === 'printed' && rules.has(rule) && !standing.has(id))
        .map(([id]) => find(id))
        .filter(finding => finding !== undefined)
        .map(withdrawn)
        .sort((one, other) => inTextOrder(one.event.id, other.event.id));
      return { findings: [...news, ...gone], known: drafts.length - news.length };
    },
    settle(findings, state) {
      database.together(() => {
        for (const finding of findings) {
          const { event, rule, message, oddtalk } = finding;
          const { novelties, ...rest } = oddtalk;
          const now = oddtalk.status === 'withdrawn' ? 'withdrawn' : state;
          write(
            ...[event.id, now, rule.id, oddtalk.level, event.risk_score, message, event.start, event.end],
            JSON.stringify({ ...finding, oddtalk: rest }),
          );
        }
      });
    },
    expire(before) {
      database.doing('DELETE FROM findings WHERE last < ?')(isoTime(before));
    },
  };
}

interface Before {
  readonly state: State;
  readonly level: Level;
  readonly rule: string;
  readonly last: string;
}

const withStatus = (finding: Finding, status: 'raised' | 'withdrawn'): Finding => ({
  ...finding,
  oddtalk: { ...finding.oddtalk, status },
});

/** What was told and does not stand any more: because later logs explain it, or because it is part of a wider finding. */
function withdrawn(finding: Finding): Finding {
  const { message, event } = finding;
  const level = 'informational';
  return withStatus(
    {
      ...finding,
      message: `no longer stands: ${message}`,
      event: {
        ...event,
        severity: severityOf(level),
        risk_score: 0,
        reason: `by what has been read since it does not stand any more: ${event.reason}`,
      },
      oddtalk: { ...finding.oddtalk, level, score: [] },
    },
    'withdrawn',
  );
}

import { type Database, putState, stateOf } from '../baseline/store/database.ts';
import type { Finding } from '../finding/finding.ts';
import { isAtLeast, type Level, severityOf } from '../value/level.ts';
import { inTextOrder } from '../value/order.ts';
import { dayText, isoTime, type Micros } from '../value/time.ts';
import type { Draft } from './findings.ts';

/** What became of a finding: `learnt` are those that somebody wants to hear nothing of. */
type State = 'printed' | 'learnt' | 'withdrawn';

/** Of the findings that stand now what has not been told yet. */
interface News {
  /** What is new, what has risen in level, and what was told and does not stand any more. */
  readonly findings: readonly Finding[];
  /** How many stand that have been told. */
  readonly known: number;
}

/** What a run has to go by. */
interface Asked {
  /** The ids of all that stand, though nobody wants to hear of some. */
  readonly standing: ReadonlySet<string>;
  /** The rules that were asked: what others have said stands as it stood. */
  readonly rules: ReadonlySet<string>;
  /** What began before that is left as it was told: the days that it was judged by are no longer all known. */
  readonly settledBefore: string;
  /** The day of the last event: 2026-01-05. */
  readonly today: string;
  /** When the first event was that this run has read. */
  readonly readFrom: string;
}

/** Remembers what has been told, so that nobody hears it twice, and nothing is lost if a run dies before it tells. */
export interface Told {
  newsOf(drafts: readonly Draft[], asked: Asked): News;
  /** From now on these are known. */
  settle(findings: readonly Finding[], state: 'printed' | 'learnt'): void;
  /** From now on findings that were last seen before a time, and do not stand any more, are forgotten and not withdrawn. */
  expire(before: Micros): void;
  /** The ids of those of which somebody has said so. */
  benign(): ReadonlySet<string>;
  /** Those whose ids begin so. */
  find(beginning: string): readonly Finding[];
}

export function createTold(database: Database): Told {
  const write = database.doing(`
    INSERT OR REPLACE INTO findings (${COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const forgottenBefore = (): string => String(stateOf(database, FORGOTTEN_BEFORE) ?? '');
  const grow = database.doing('UPDATE findings SET last = ? WHERE id = ?');
  const find = (beginning: string): readonly Finding[] =>
    [...database.rows('SELECT finding FROM findings WHERE substr(id, 1, ?) = ?', beginning.length, beginning)].map(
      ([text]) => JSON.parse(String(text)) as Finding,
    );
  return {
    find,
    benign: () =>
      new Set([...database.rows("SELECT id FROM triage WHERE verdict = 'benign'")].map(([id]) => String(id))),
    newsOf(drafts, { standing, rules, settledBefore, today, readFrom }) {
      const before = new Map<string, Before>();
      for (const [id, state, level, rule, last, first, count] of database.rows(
        'SELECT id, state, level, rule, last, first, count FROM findings',
      ))
        before.set(String(id), {
          state: state as State,
          level: level as Level,
          rule: String(rule),
          last: String(last),
          isSettled: String(first) < settledBefore,
          count: Number(count),
        });
      const grown = drafts.filter(({ id, end }) => (before.get(id)?.last ?? end) < end);
      database.together(() => {
        for (const { id, end } of grown) grow(end, id);
      });
      const news = drafts.flatMap((draft): readonly Finding[] => {
        const known = before.get(draft.id);
        if (known === undefined || known.state === 'withdrawn') {
          // What is old and was no news when it was read is none because others have been forgotten.
          const isOld = draft.start < settledBefore && draft.start < readFrom;
          return isOld ? [] : [draft.written()];
        }
        if (known.state !== 'printed' || known.isSettled) return [];
        if (!isAtLeast(known.level, draft.level)) return [withStatus(draft.written(), 'raised')];
        // A list of a day is told when it begins, and whole when the day is over.
        const isGrown = draft.isList && draft.count > known.count && dayText(draft.end) < today;
        return isGrown ? [withStatus(draft.written(), 'grown')] : [];
      });
      const horizon = forgottenBefore();
      const forgotten = [...before].filter(([id, { last }]) => last < horizon && !standing.has(id));
      database.together(() => {
        for (const [id] of forgotten) {
          before.delete(id);
          database.doing('DELETE FROM findings WHERE id = ?')(id);
        }
      });
      const gone = [...before]
        .filter(([id, known]) => isGone(known) && rules.has(known.rule) && !standing.has(id))
        .flatMap(([id]) => find(id))
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
            ...[
              event.id,
              now,
              rule.id,
              oddtalk.level,
              event.risk_score,
              message,
              event.start,
              event.end,
              oddtalk.count,
            ],
            JSON.stringify({ ...finding, oddtalk: rest }),
          );
        }
      });
    },
    expire(before) {
      if (isoTime(before) > forgottenBefore()) putState(database, FORGOTTEN_BEFORE, isoTime(before));
    },
  };
}

/** Takes over what has been told of another baseline; of two the graver one, whichever came first. */
export function mergeTold(into: Database, other: Database): void {
  const take = into.doing(`
    INSERT INTO findings (${COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET ${COLUMNS.map(column => `${column} = excluded.${column}`).join(', ')}
    WHERE (excluded.score, excluded.state, excluded.last) > (score, state, last)`);
  for (const finding of other.rows(`SELECT ${COLUMNS.join(', ')} FROM findings`)) take(...finding);
}

const COLUMNS = ['id', 'state', 'rule', 'level', 'score', 'message', 'first', 'last', 'count', 'finding'];

const FORGOTTEN_BEFORE = 'forgotten before';

interface Before {
  readonly state: State;
  readonly level: Level;
  readonly rule: string;
  readonly last: string;
  readonly isSettled: boolean;
  readonly count: number;
}

const isGone = ({ state, isSettled }: Before): boolean => state === 'printed' && !isSettled;

const withStatus = (finding: Finding, status: NonNullable<Finding['oddtalk']['status']>): Finding => ({
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

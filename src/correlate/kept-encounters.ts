import { type Database, putState, stateOf } from '../baseline/store/database.ts';
import type { Names } from '../baseline/store/names.ts';
import { HOUR, type Micros } from '../value/time.ts';
import { type Encounter, type Side, sides } from './encounters.ts';

/** What is written down of an encounter: its number, and whose it was already said to be. */
export interface KeptEncounter {
  readonly id: number;
  readonly encounter: Encounter;
  /** A bit for each trait under which it has been learnt. */
  readonly learnt: number;
}

/** How long the two sides wait for each other: a flow is written when it ends, an endpoint's events come in their own time. */
const WAITS = 12 * HOUR;
/** So many wait at most; the oldest give way. */
const MOST_WAITING = 200_000;

/** Encounters that wait for what a later run may read. */
export function keptEncounters(database: Database, names: Names) {
  const insert = database.doing(
    `INSERT INTO encounter (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  );
  const update = database.doing('UPDATE encounter SET learnt = ? WHERE id = ?');
  const newest = (): number => database.number('SELECT max(id) FROM encounter') ?? 0;
  return {
    /** `now`: how far the logs reach. */
    add(encounters: Iterable<Encounter>, now: Micros): void {
      for (const { side, time, originator, originatorPort, responder, responderPort, ...rest } of encounters) {
        const { transport, who, log, segment, line } = rest;
        insert(
          ...[sides.indexOf(side), time, names.numberOfAddress(originator), originatorPort],
          ...[names.numberOfAddress(responder), responderPort, names.numberOf(transport), names.numberOf(who)],
          ...[names.numberOf(log), segment, line, now, 0],
        );
      }
    },
    all: (): readonly KeptEncounter[] =>
      [...database.rows(`SELECT id, ${COLUMNS.join(', ')} FROM encounter ORDER BY id`)].map(row => {
        const [id, side, time, originator, originatorPort, responder, responderPort, ...rest] = row.map(Number);
        const [transport = 0, who = 0, log = 0, segment = 0, line = 0, , learnt = 0] = rest;
        const encounter = {
          side: sides[side ?? 0] ?? ('flow' satisfies Side),
          time: time ?? 0,
          originator: names.addressOf(originator ?? 0),
          originatorPort: originatorPort ?? 0,
          responder: names.addressOf(responder ?? 0),
          responderPort: responderPort ?? 0,
          transport: names.symbolOf(transport),
          who: names.symbolOf(who),
          log: names.symbolOf(log),
          segment,
          line,
        };
        return { id: id ?? 0, encounter, learnt };
      }),
    learn: (id: number, learnt: number): void => {
      update(learnt, id);
    },
    /** Whether any came since all were joined: a run that died may have left some. */
    areNew: (): boolean => newest() > Number(stateOf(database, JOINED_UP_TO) ?? 0),
    /** All have been joined; those that have waited for long enough go. */
    settle(now: Micros): void {
      putState(database, JOINED_UP_TO, newest());
      database.doing('DELETE FROM encounter WHERE met < ?')(now - WAITS);
      database.doing('DELETE FROM encounter WHERE id <= ?')(newest() - MOST_WAITING);
    },
  };
}

const JOINED_UP_TO = 'encounters joined up to';

const COLUMNS = [
  ...['side', 'time', 'originator', 'originator_port', 'responder', 'responder_port', 'transport', 'who'],
  ...['log', 'source', 'line', 'met', 'learnt'],
];

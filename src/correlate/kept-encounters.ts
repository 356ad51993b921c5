import { ACCEPTED, BORROWED, CONTACTED, type FlowOwners, OPENED } from '../baseline/owners.ts';
import { type Database, putState, stateOf } from '../baseline/store/database.ts';
import type { Names } from '../baseline/store/names.ts';
import type { SymbolId } from '../kernel/symbols.ts';
import { sum } from '../value/sum.ts';
import { DAY, HOUR, type Micros } from '../value/time.ts';
import { type Encounter, Encounters, sides } from './encounters.ts';

/** Encounters that wait, in the order in which they came: what else is written down of each stands at the same place. */
interface Waiting {
  readonly encounters: Encounters;
  readonly ids: readonly number[];
  /** A bit for each trait under which it has been learnt. */
  readonly learnt: readonly number[];
  /** How far the logs reached when it came. */
  readonly met: readonly Micros[];
}

/** The bits of `learnt`, as they are written down: never to be changed. */
const bits: Readonly<Partial<Record<number, number>>> = { [OPENED]: 1, [ACCEPTED]: 2, [CONTACTED]: 4, [BORROWED]: 8 };

export const bitOf = (trait: number): number => bits[trait] ?? 0;

/** Whose a flow was; `isTentative`: as far as is known by now. */
export interface FoundOwners extends FlowOwners {
  readonly isTentative?: boolean;
}

const FLOW = sides.indexOf('flow');

/** How long it is known whose a flow was that something odd was seen in. */
const OWNERS_KEPT = 14 * DAY;

/** How long the two sides wait for each other: a flow is written when it ends, an endpoint's events come in their own time. */
const WAITS = 12 * HOUR;
/** So many of either side wait at most; the oldest give way. */
const MOST_WAITING = 150_000;
/** And so many until a run has read all that it will join. */
const MOST_IN_RUN = 2_000_000;

/** Encounters that wait for what a later run may read. */
export function keptEncounters(database: Database, names: Names) {
  const insert = database.doing(
    `INSERT INTO encounter (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  );
  const own = database.doing(`
    INSERT INTO flow_owner (flow, opened, accepted, time) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET opened = coalesce(excluded.opened, opened), accepted = coalesce(excluded.accepted, accepted)`);
  // What is less sure takes nobody's place.
  const guess = database.doing('INSERT OR IGNORE INTO flow_owner (flow, opened, accepted, time) VALUES (?, ?, ?, ?)');
  const update = database.doing('UPDATE encounter SET learnt = ? WHERE id = ?');
  const newest = (): number => database.number('SELECT max(id) FROM encounter') ?? 0;
  /** Endpoints' words and flows have room of their own: what is read first must not give way to what comes after it. */
  const prune = (most: number): number =>
    sum(
      ['side = 0', 'side <> 0'].map(which =>
        database.doing(
          `DELETE FROM encounter WHERE ${which} AND id <= (SELECT id FROM encounter WHERE ${which} ORDER BY id DESC LIMIT 1 OFFSET ?)`,
        )(most),
      ),
    );
  return {
    /** `now`: how far the logs reach. Says how many there was no room for. */
    add(encounters: Iterable<Encounter>, now: Micros): number {
      for (const { side, time, originator, originatorPort, responder, responderPort, ...rest } of encounters) {
        const { transport, who, log, segment, line } = rest;
        insert(
          ...[sides.indexOf(side), time, names.numberOfAddress(originator), originatorPort],
          ...[
            names.numberOfAddress(responder),
            responderPort,
            names.numberOf(transport),
            side === 'flow' ? who : names.numberOf(who),
          ],
          ...[names.numberOf(log), segment, line, now, 0],
        );
      }
      return prune(MOST_IN_RUN);
    },
    all(): Waiting {
      const encounters = new Encounters({ most: Number.POSITIVE_INFINITY });
      const [ids, learnts, mets]: number[][] = [[], [], []];
      for (const row of database.rows(`SELECT ${COLUMNS.join(', ')}, id FROM encounter ORDER BY id`)) {
        const [side, time, originator, originatorPort, responder, responderPort, ...rest] = row.map(Number);
        const [transport, who, log, segment, line, met, learnt, id] = rest;
        encounters.push({
          side: sides[side ?? 0] ?? 'flow',
          ...{ time: time ?? 0, originatorPort: originatorPort ?? 0, responderPort: responderPort ?? 0 },
          ...{ originator: names.addressOf(originator ?? 0), responder: names.addressOf(responder ?? 0) },
          ...{
            transport: names.symbolOf(transport ?? 0),
            who: side === FLOW ? (who ?? 0) : names.symbolOf(who ?? 0),
            log: names.symbolOf(log ?? 0),
          },
          ...{ segment: segment ?? 0, line: line ?? 0 },
        });
        ids?.push(id ?? 0);
        learnts?.push(learnt ?? 0);
        mets?.push(met ?? 0);
      }
      return { encounters, ids: ids ?? [], learnt: learnts ?? [], met: mets ?? [] };
    },
    learn: (id: number, learnt: number): void => {
      update(learnt, id);
    },
    /** Whether any came since all were joined: a run that died may have left some. */
    areNew: (): boolean => newest() > Number(stateOf(database, JOINED_UP_TO) ?? 0),
    /** Whose flows were; `now`: when that was found out. */
    learnOwners(flows: ReadonlyMap<number, FoundOwners>, now: Micros): void {
      const numberOf = (name: SymbolId | undefined): number | null =>
        name === undefined ? null : names.numberOf(name);
      for (const [flow, { opened, accepted, isTentative }] of flows)
        (isTentative ? guess : own)(flow, numberOf(opened), numberOf(accepted), now);
    },
    ownersOf(flow: number): FlowOwners | undefined {
      const row = database.row('SELECT opened, accepted FROM flow_owner WHERE flow = ?', flow);
      if (!row) return undefined;
      const [opened, accepted] = row;
      return {
        ...(opened !== null && { opened: names.symbolOf(Number(opened)) }),
        ...(accepted !== null && { accepted: names.symbolOf(Number(accepted)) }),
      };
    },
    /** All have been joined; those that have waited for long enough go. */
    settle(now: Micros): void {
      putState(database, JOINED_UP_TO, newest());
      database.doing('DELETE FROM flow_owner WHERE time < ?')(now - OWNERS_KEPT);
      database.doing('DELETE FROM encounter WHERE met < ?')(now - WAITS);
      prune(MOST_WAITING);
    },
  };
}

const JOINED_UP_TO = 'encounters joined up to';

const COLUMNS = [
  ...['side', 'time', 'originator', 'originator_port', 'responder', 'responder_port', 'transport', 'who'],
  ...['log', 'source', 'line', 'met', 'learnt'],
];

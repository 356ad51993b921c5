import { joinedSpans, type Span, spanOver } from '../baseline/acquaintance.ts';
import { createLocality } from '../baseline/locality.ts';
import { createRows, type Rows } from '../baseline/rows.ts';
import type { Database } from '../baseline/store/database.ts';
import { createNames } from '../baseline/store/names.ts';
import { createSqliteStore } from '../baseline/store/sqlite.ts';
import { witnessOf } from '../baseline/traits.ts';
import type { AttributionReport } from '../correlate/attribution.ts';
import { type Encounter, Encounters, sides } from '../correlate/encounters.ts';
import { bitOf, keptEncounters } from '../correlate/kept-encounters.ts';
import { keptLedger } from '../correlate/kept-ledger.ts';
import { createLedger, type Entry, relocated } from '../correlate/ledger.ts';
import type { EventKind } from '../event/event.ts';
import { INTERRUPTED } from '../input/bytes.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Address, Networks } from '../value/address.ts';
import { joinInto } from '../value/joined.ts';
import { DAY, HOUR, type Micros } from '../value/time.ts';
import { joinEncounters } from './joining.ts';
import { type Knowledge, machinesIn } from './knowledge.ts';
import type { Sources } from './sources-read.ts';

type Places = ReturnType<Sources['places']>;

/**
 * In a baseline's file, for later runs. What was learnt from segments and how far their sources were read by then are
 * written down in one transaction: so a run that dies has learnt each segment wholly or not at all, and the next one goes
 * on there. `clock`: no event is later than that.
 */
export function keptKnowledge(
  database: Database,
  sources: Sources,
  symbols: Symbols,
  localNets: Networks | undefined,
  clock = Number.POSITIVE_INFINITY,
): Knowledge {
  const names = createNames(database, symbols);
  const store = createSqliteStore(database, symbols, names);
  const locality = createLocality(symbols, localNets);
  const ledger = createLedger(locality);
  const spans = new Map<EventKind, Span>();
  locality.merge({ declared: new Map(readOurs()) });
  for (const [kind, first, last] of database.rows('SELECT kind, first, last FROM spans'))
    spans.set(String(kind) as EventKind, { from: Number(first), to: Number(last) });
  const kept = keptLedger(database, names, ledger);
  const encounters = keptEncounters(database, names);
  let dropped = 0;
  const writeSpan = database.doing('INSERT OR REPLACE INTO spans (kind, first, last) VALUES (?, ?, ?)');
  const writeOurs = database.doing('INSERT OR REPLACE INTO ours (host, is_ours) VALUES (?, ?)');

  function* readOurs(): Generator<readonly [number, boolean]> {
    for (const [host, isOurs] of database.rows('SELECT host, is_ours FROM ours'))
      yield [names.addressOf(Number(host)), isOurs === 1];
  }

  /** The addresses of machines that endpoints have spoken of in earlier runs. */
  const known = (): readonly string[] => {
    const ends = [
      ...database.rows(
        "SELECT DISTINCT peer FROM sighting JOIN traits ON traits.id = trait WHERE traits.name = 'address'",
      ),
      ...database.rows('SELECT DISTINCT originator FROM encounter WHERE side = ?', sides.indexOf('opened')),
      ...database.rows('SELECT DISTINCT responder FROM encounter WHERE side = ?', sides.indexOf('accepted')),
    ];
    return [...new Set(ends.map(([number]) => symbols.addressText(names.addressOf(Number(number)))))];
  };

  let pending: Pending | undefined;
  const movedAway = new Set<string>();

  /** Its own number is enough: what was learnt and how far that came are written down together, or not at all. */
  const nextSegment = () => ({
    writer: 'commit',
    sequence: (database.number('SELECT max(id) FROM segments') ?? 0) + 1,
  });
  /** How far the logs reach: by the sensors' clock, where there is one, because those of endpoints may be days off. */
  const latest = (): Micros => {
    const ofSensors = [...spans].flatMap(([kind, span]) => (witnessOf(kind) === 'sensor' ? [span] : []));
    // No log is of tomorrow, whatever one line of it says.
    return Math.min((spanOver(ofSensors) ?? spanOver(spans.values()))?.to ?? 0, clock);
  };

  /** Joins what waits with what has come: what is learnt by that, and that it has been, is written down together. */
  const join = (places: Places): AttributionReport | undefined => {
    if (!encounters.areNew()) return undefined;
    const waiting = encounters.all();
    const now = latest();
    const learnt = new Map<number, number>();
    const joined = joinEncounters(waiting.encounters, {
      ...{ store, symbols, places, dropped },
      isNews({ at, key, isTentative }) {
        // What may be said otherwise by what comes late is only learnt once that has had its time.
        if (isTentative && (waiting.met[at] ?? 0) > now - COMES_LATE) return false;
        const bit = bitOf(key.trait);
        const before = waiting.learnt[at] ?? 0;
        learnt.set(at, (learnt.get(at) ?? before) | bit);
        return (before & bit) === 0;
      },
    });
    database.together(() => {
      if (joined) {
        store.merge(nextSegment(), joined.rows);
        encounters.learnOwners(joined.flows, now);
        for (const [at, bits] of learnt) if (waiting.learnt[at] !== bits) encounters.learn(waiting.ids[at] ?? 0, bits);
      }
      encounters.settle(now);
      const before = Math.min(spans.get('process-start')?.to ?? 0, now) - STARTS_KEPT;
      for (const trait of ['started', 'ended'])
        database.doing(
          'DELETE FROM sighting WHERE trait = (SELECT id FROM traits WHERE name = ?) AND first + lasted < ?',
        )(trait, before);
    });
    return joined?.report;
  };

  /** Flows are of no use before an endpoint has spoken: until then they wait here. */
  const held = new Encounters();
  let hasSpoken = known().length > 0;
  const hold = (others: Encounters, moved: (one: Encounter) => Encounter): void => {
    hasSpoken ||= others.hasWords;
    const to = hasSpoken && pending ? pending.encounters : held;
    if (hasSpoken && pending && held.size > 0) {
      pending.encounters.merge(held);
      held.clear();
    }
    for (const one of others) to.push(moved(one));
    dropped += others.dropped;
  };

  /** Writes down what has been learnt since the last time, and how far the sources were read by then: all of it or nothing. */
  const commit = (): void => {
    if (!pending) return;
    const { rows, ledger: grown, hosts, kinds, encounters: met, finish } = pending;
    pending = undefined;
    database.together(() => {
      for (const each of finish) each();
      store.merge(nextSegment(), rows.packed);
      dropped += met.dropped + encounters.add(met, latest());
      kept.write(grown);
      for (const host of hosts) writeOurs(names.numberOfAddress(host), locality.declared.get(host) ? 1 : 0);
      for (const kind of kinds) {
        const { from, to } = spans.get(kind) ?? { from: 0, to: 0 };
        writeSpan(kind, from, to);
      }
    });
  };

  return {
    watched: () => {
      const met = pending ? machinesIn(pending.encounters, symbols) : [];
      return [...new Set([...known(), ...met])];
    },
    async learn(observed, places) {
      // Nobody knows how far it came: it will be read again.
      if (observed.parts.some(({ report }) => report.broken === INTERRUPTED)) return;
      const about = await sources.about(observed.parts, places);
      if ('movedAway' in about) {
        movedAway.add(about.movedAway);
        return;
      }
      const { placeOf, write } = about;
      /** A line by its place in the source, as all runs count them. */
      const moved = <Place extends { readonly segment: number; readonly line: number }>(place: Place): Place => {
        const { source, linesBefore } = placeOf(place.segment);
        return { ...place, segment: source, line: linesBefore + place.line };
      };
      pending ??= createPending();
      observed.rows.refer(moved);
      pending.rows.merge(observed.rows);
      for (const entry of kept.merge(relocated(observed.ledger, moved))) pending.ledger.add(entry);
      locality.merge(observed.locality);
      for (const [host] of observed.locality.declared) pending.hosts.add(host);
      for (const [kind, span] of observed.spans) {
        joinInto(spans, kind, span, joinedSpans);
        pending.kinds.add(kind);
      }
      hold(observed.encounters, moved);
      pending.finish.push(write);
      pending.observations++;
      const isMuch = pending.rows.size >= MOST_ROWS_PENDING || pending.encounters.size >= MOST_MET_PENDING;
      if (pending.observations >= MOST_PENDING || isMuch) commit();
    },
    recall() {
      commit();
      const places = sources.places();
      const attribution = join(places);
      return {
        store,
        ledger,
        locality,
        spans,
        movedAway: [...movedAway],
        places,
        attribution,
        ownersOfFlow: encounters.ownersOf,
      };
    },
  };
}

/** What has been learnt and is not written down yet. */
interface Pending {
  readonly rows: Rows;
  readonly ledger: Set<Entry>;
  readonly hosts: Set<Address>;
  readonly kinds: Set<EventKind>;
  readonly encounters: Encounters;
  readonly finish: (() => void)[];
  observations: number;
}

const createPending = (): Pending => ({
  rows: createRows(),
  ledger: new Set(),
  hosts: new Set(),
  kinds: new Set(),
  encounters: new Encounters({ most: 4 * MOST_MET_PENDING }),
  finish: [],
  observations: 0,
});

/**
 * So many observations, or rows, are written down together: most rows of one are in the next one too, and to write one
 * takes ten times as long as to add it to another. Whatever a run that dies has not written down is read again.
 */
const MOST_PENDING = 8;
const MOST_ROWS_PENDING = 500_000;
const MOST_MET_PENDING = 500_000;

/** An endpoint's events come minutes after the flows, or before. */
const COMES_LATE = HOUR;

/** How long starts and ends of processes are of use: what a process did is known by then, and says itself how it began. */
const STARTS_KEPT = 2 * DAY;

import { inTextOrder } from '../value/order.ts';
import { MINUTE, type Micros, SECOND } from '../value/time.ts';
import { type Account, type Contact, isShared } from './contacts.ts';

/** By how much one clock is ahead of another, and how many pairs of times say so. */
export interface Offset {
  readonly offset: Micros;
  readonly support: number;
}

/** An endpoint's clock, as one file has it, beside the sensors'. */
export interface Clock extends Offset {
  /** Known by connections of the file itself, by those of another file of the machine, or by datagrams alone. */
  readonly by: 'connections' | 'another file' | 'datagrams';
}

/** The flows that have the same ends as a contact, in their order. */
export type Candidates = (contact: Contact) => readonly Begun[];

interface Begun {
  readonly time: Micros;
}

/** What pairs of one file and machine may differ by: event 3 dates TCP to a tenth of a second, and UDP by its sockets' buffers. */
const TCP_WIDTH = 2 * SECOND;
const UDP_WIDTH = 12 * SECOND;
/** So many flows of one 5-tuple, the nearest in time, are held against a contact. */
const MOST_PAIRS = 16;
/** How many ports must agree where only datagrams say how a clock goes. */
const LEAST_DATAGRAMS = 3;
/** One pair alone says it only of a clock that is right to that, or of a file with hardly any more. */
const RIGHT_ALONE = MINUTE;
const HARDLY_ANY = 2;

/** How far a contact may be off what its clock says; undefined where that clock says nothing of it. */
export function widthFor({ isTcp, ...contact }: Contact, { by }: Clock): Micros | undefined {
  if (by !== 'connections' && isShared(contact)) return undefined;
  return isTcp && by !== 'datagrams' ? TCP_WIDTH / 2 : UDP_WIDTH;
}

/** The clock of each file and machine; those of which nothing is known are left out. */
export function clocksOf(accounts: readonly Account[], candidates: Candidates): ReadonlyMap<Account, Clock> {
  const clocks = new Map<Account, Clock>();
  for (const account of accounts) {
    const clock = byConnections(account, candidates);
    if (clock) clocks.set(account, clock);
  }
  const known = [...clocks];
  for (const account of accounts) {
    if (clocks.has(account)) continue;
    const clock = byAnotherFile(account, known, candidates) ?? byDatagrams(account, candidates);
    if (clock) clocks.set(account, clock);
  }
  return clocks;
}

function byConnections({ contacts }: Account, candidates: Candidates): Clock | undefined {
  const connections = contacts.filter(({ isTcp }) => isTcp);
  const found = dominantOffset(differencesOf(connections, candidates), TCP_WIDTH);
  if (!found) return undefined;
  const isAlone = found.support === 1 && Math.abs(found.offset) > RIGHT_ALONE && connections.length > HARDLY_ANY;
  return isAlone ? undefined : { ...found, by: 'connections' };
}

/** What another file of the same machine says, if the datagrams of this one agree. */
function byAnotherFile(
  { machine, contacts }: Account,
  known: readonly (readonly [Account, Clock])[],
  candidates: Candidates,
): Clock | undefined {
  const differences = differencesOf(
    contacts.filter(contact => !isShared(contact)),
    candidates,
  );
  const agreeing = ({ offset }: Offset): number =>
    differences.filter(difference => Math.abs(difference - offset) <= UDP_WIDTH).length;
  const [best] = known
    .filter(([account]) => account.machine === machine)
    .sort(([one], [other]) => inTextOrder(one.path, other.path))
    .map(([, { offset }]): Clock => ({ offset, support: agreeing({ offset, support: 0 }), by: 'another file' }))
    .filter(({ support }) => support > 0)
    .sort((one, other) => other.support - one.support || Math.abs(one.offset) - Math.abs(other.offset));
  return best;
}

/** Many must agree, and none between ports that everybody shares. */
function byDatagrams({ contacts }: Account, candidates: Candidates): Clock | undefined {
  const telling = contacts.filter(contact => !contact.isTcp && !isShared(contact));
  const found = dominantOffset(differencesOf(telling, candidates), UDP_WIDTH);
  return found && found.support >= LEAST_DATAGRAMS ? { ...found, by: 'datagrams' } : undefined;
}

const differencesOf = (contacts: readonly Contact[], candidates: Candidates): readonly Micros[] =>
  contacts.flatMap(contact => nearest(candidates(contact), contact.time).map(({ time }) => contact.time - time));

/** Of many flows those around a time. */
export function nearest<Flow extends Begun>(flows: readonly Flow[], time: Micros): readonly Flow[] {
  if (flows.length <= MOST_PAIRS) return flows;
  const after = placeAfter(flows, time, flow => flow.time);
  const from = Math.min(Math.max(0, after - MOST_PAIRS / 2), flows.length - MOST_PAIRS);
  return flows.slice(from, from + MOST_PAIRS);
}

/** The place of the first of a list in order that is later than a time. */
export function placeAfter<Item>(list: readonly Item[], time: Micros, timeOf: (item: Item) => Micros): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const item = list[middle];
    if (item !== undefined && timeOf(item) <= time) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * The difference that most pairs of times agree on, within a width: the middle one of those. Of two that as many agree on
 * the smaller one. Pairs that do not belong together lie anywhere, so that they do not agree on any.
 */
export function dominantOffset(differences: readonly Micros[], width: Micros): Offset | undefined {
  const sorted = [...differences].sort((one, other) => one - other);
  let best: Offset | undefined;
  for (let from = 0, to = 0; from < sorted.length; from++) {
    const first = sorted[from] ?? 0;
    while (to < sorted.length && (sorted[to] ?? 0) - first <= width) to++;
    const found = { offset: sorted[(from + to - 1) >> 1] ?? 0, support: to - from };
    const isBetter =
      !best ||
      found.support > best.support ||
      (found.support === best.support && Math.abs(found.offset) < Math.abs(best.offset));
    if (isBetter) best = found;
  }
  return best;
}

/** From here on a clock is not late but wrong. */
const SLEPT = MINUTE;
/** Time zones differ by quarters of an hour; a clock that is right but for its zone is right to that. */
const QUARTER = 15 * MINUTE;
const RIGHT = 5 * SECOND;
const FARTHEST_ZONE = 14 * 60 * MINUTE;

/** What may be the matter with a clock that is so far ahead of the sensor's. */
export function doubtOf(offset: Micros): string | undefined {
  const size = Math.abs(offset);
  if (size < SLEPT) return undefined;
  const isZone =
    size >= QUARTER - RIGHT && size <= FARTHEST_ZONE && Math.abs(size - Math.round(size / QUARTER) * QUARTER) <= RIGHT;
  return isZone ? 'local time that is called UTC' : 'a clock that slept or is wrong';
}

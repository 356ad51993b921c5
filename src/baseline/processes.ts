import type { Symbols } from '../kernel/symbols.ts';
import { listAt } from '../value/made-at.ts';
import { inTextOrder } from '../value/order.ts';
import { type Micros, SECOND } from '../value/time.ts';
import { type Ancestor, baseName, listIn, type Process, type ProcessKey, startIn } from './process.ts';
import type { Row } from './row.ts';
import type { Trait } from './traits.ts';

/** What process starts and ends say: who a process is that a connection only names by a number. */
export interface Processes {
  /** Everything that is known of a process; `at`: when it was met, by the sensors' clock, which its start's agrees with. */
  of(key: ProcessKey, at: Micros | undefined): Process;
}

/** Of a process what its start says. */
interface Start {
  readonly machine: string;
  readonly time: Micros;
  readonly guid: string | undefined;
  readonly pid: number | undefined;
  readonly image: string | undefined;
  readonly commandLine: string | undefined;
  readonly user: string | undefined;
  readonly hashes: string | undefined;
  readonly parent: Pick<Start, 'guid' | 'pid' | 'image' | 'commandLine'>;
}

/** Two clocks of one machine agree to that. */
const LEEWAY = 2 * SECOND;
const MOST_ANCESTORS = 3;

export function processesIn(rowsOf: (trait: Trait) => readonly Row[], symbols: Symbols): Processes {
  const byGuid = new Map<string, Start>();
  const byPid = new Map<string, Start[]>();
  const ends = new Map<string, Micros[]>();
  for (const row of rowsOf('started')) {
    const start = startOf(row, symbols);
    const { machine, guid, pid } = start;
    if (guid !== undefined) {
      const key = keyOf(machine, guid);
      const known = byGuid.get(key);
      // Of two records of one start the fuller one.
      if (!known || isFuller(start, known)) byGuid.set(key, start);
    }
    if (pid !== undefined) listAt(byPid, keyOf(machine, pid)).push(start);
  }
  for (const starts of byPid.values()) starts.sort((one, other) => other.time - one.time);
  for (const { entity, name, first } of rowsOf('ended')) {
    const [, pid] = listIn(symbols.text(name));
    if (typeof pid === 'number') listAt(ends, keyOf(symbols.addressText(entity), pid)).push(first);
  }

  /** The last one that was given the number before a time, and still had it then. */
  const holderOf = (machine: string, pid: number, at: Micros): Start | undefined => {
    const key = keyOf(machine, pid);
    const start = byPid.get(key)?.find(({ time }) => time <= at + LEEWAY);
    const hasEnded = ends.get(key)?.some(end => start && end >= start.time && end < at - LEEWAY);
    return hasEnded ? undefined : start;
  };

  const startFor = ({ machine, guid, pid, image }: ProcessKey, at: Micros | undefined): Start | undefined => {
    if (guid !== undefined) return byGuid.get(keyOf(machine, guid));
    const start = pid === undefined || at === undefined ? undefined : holderOf(machine, pid, at);
    return isSame(start?.image, image) ? start : undefined;
  };

  const ancestorsOf = (start: Start): readonly Ancestor[] => {
    const ancestors: Ancestor[] = [];
    const seen = new Set([start]);
    for (let child: Start | undefined = start; child && ancestors.length < MOST_ANCESTORS; ) {
      const { machine, parent, time }: Start = child;
      const known = startFor({ machine, ...parent }, time);
      const image = parent.image ?? known?.image;
      if (image === undefined || (known && seen.has(known))) break;
      ancestors.push(
        present({ image, pid: parent.pid, guid: parent.guid, commandLine: parent.commandLine ?? known?.commandLine }),
      );
      if (known) seen.add(known);
      child = known;
    }
    return ancestors;
  };

  const ancestorIn = ({ image = '', pid, guid, commandLine }: Start): Ancestor =>
    present({ image, pid, guid, commandLine });

  return {
    of(key, at) {
      const found = startFor(key, at);
      // Sysmon for Linux gives what was forked the GUID of whom it was forked from.
      const isParent = found?.pid !== undefined && key.pid !== undefined && found.pid !== key.pid;
      const start = isParent ? undefined : found;
      const began = start?.time ?? (key.guid === undefined ? undefined : startIn(key.guid));
      return present({
        ...key,
        image: key.image ?? start?.image,
        guid: key.guid ?? start?.guid,
        user: key.user ?? start?.user,
        pid: key.pid ?? start?.pid,
        commandLine: start?.commandLine,
        hashes: start?.hashes,
        start: began,
        ancestors:
          isParent && found
            ? [ancestorIn(found), ...ancestorsOf(found)].slice(0, MOST_ANCESTORS)
            : start
              ? ancestorsOf(start)
              : [],
        isByGuid: key.guid !== undefined,
      });
    },
  };
}

const isFuller = (one: Start, other: Start): boolean => {
  const [text, known] = [JSON.stringify(one), JSON.stringify(other)];
  return (known.length - text.length || inTextOrder(text, known)) < 0;
};

const keyOf = (machine: string, which: string | number): string => `${machine.toLowerCase()}|${which}`;

/** By the file alone: Windows' firewall names the disk, and not its letter. Nothing speaks against what is not known. */
const isSame = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || baseName(one).toLowerCase() === baseName(other).toLowerCase();

function startOf({ entity, name, first }: Row, symbols: Symbols): Start {
  const [guid, pid, image, commandLine, user, hashes, parentGuid, parentPid, parentImage, parentCommandLine] = listIn(
    symbols.text(name),
  );
  return {
    machine: symbols.addressText(entity),
    time: first,
    guid: text(guid),
    pid: number(pid),
    image: text(image),
    commandLine: text(commandLine),
    user: text(user),
    hashes: text(hashes),
    parent: {
      guid: text(parentGuid),
      pid: number(parentPid),
      image: text(parentImage),
      commandLine: text(parentCommandLine),
    },
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Without what is not known. */
const present = <Values extends object>(values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values;

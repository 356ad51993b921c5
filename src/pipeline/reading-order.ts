import { isArchive } from '../input/archive.ts';
import { glanceAt } from '../input/glance.ts';
import type { Source } from '../input/sources.ts';
import type { Watched } from './encountering.ts';
import type { Knowledge } from './knowledge.ts';

/** Sources that are read together, before or after others. */
interface Turn {
  readonly sources: readonly Source[];
  /** Of which machines every flow is to be known by itself. */
  readonly watches: 'all' | 'those known';
}

/**
 * What endpoints wrote is read first: then it is known of which machines the flows are to be joined with that, and only those
 * are remembered one by one. The beginning of a file tells what it may hold; where that can be both, or comes through a
 * pipe, all its flows are remembered, as far as there is room. It is an order and no more: whatever is in a file is read.
 */
export async function readingOrder(sources: readonly Source[]): Promise<readonly Turn[]> {
  const natures: Nature[] = [];
  for (let from = 0; from < sources.length; from += AT_ONCE)
    natures.push(...(await Promise.all(sources.slice(from, from + AT_ONCE).map(natureOf))));
  const those = (nature: Nature): readonly Source[] => sources.filter((_, index) => natures[index] === nature);
  const turns: readonly Turn[] = [
    { sources: those('endpoint'), watches: 'all' },
    { sources: those('unknown'), watches: 'all' },
    { sources: those('sensor'), watches: 'those known' },
  ];
  return turns.filter(turn => turn.sources.length > 0);
}

/** A process may open so many files, and not many more. */
const AT_ONCE = 16;

export function watchedBy(watches: Turn['watches'], knowledge: Knowledge): Watched {
  if (watches === 'all') return 'all';
  const known = knowledge.watched();
  return known.length === 0 ? undefined : known;
}

type Nature = 'endpoint' | 'sensor' | 'unknown';

async function natureOf(source: Source): Promise<Nature> {
  if (source.size === undefined || (await isArchive(source))) return 'unknown';
  const beginning = await glanceAt(source);
  if (beginning === undefined) return 'unknown';
  const isEndpoint = ENDPOINT.test(beginning);
  const isWrapped = WRAPPED.test(beginning);
  if (isWrapped || (isEndpoint && SENSOR.test(beginning))) return 'unknown';
  return isEndpoint ? 'endpoint' : 'sensor';
}

/** As Windows, Sysmon and those who export their events write. */
const ENDPOINT = /Microsoft-Windows-|Sysmon|"EventID"|"event_id"|"EventData"|<Event[\s>]|EventID/;
const SENSOR = /^#separator|"event_type"|"_path"|"id[._]orig_h"/m;
/** Shippers put logs of every kind into one file. */
const WRAPPED = /"(?:agent|ecs|@metadata|fileset|SyslogMessage)"\s*:/;

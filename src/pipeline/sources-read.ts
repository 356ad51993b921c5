import type { Database, Value } from '../baseline/store/database.ts';
import type { SegmentPlace } from '../correlate/findings.ts';
import { PRINT } from '../input/byte-stream.ts';
import {
  bytesAt,
  type FileFacts,
  factsOf,
  headLength,
  type Progress,
  printOf,
  type Resumption,
  resumeAll,
  wholePrint,
} from '../input/progress.ts';
import { type Source, STDIN } from '../input/sources.ts';
import type { Part } from './observe-segment.ts';

/** A source as a baseline's file knows it. */
interface Kept extends Progress {
  readonly id: number;
}

/** Where segments lie, by their numbers. */
type Places = ReadonlyMap<number, SegmentPlace>;

/** Where a segment of this run stands among the sources of all runs. */
type PlaceOf = (segment: number) => { readonly source: number; readonly linesBefore: number };

/** What runs have read, and how far. */
export interface Sources {
  /** What there is to read of each. */
  resume(sources: readonly Source[]): Promise<readonly Resumption<Kept>[]>;
  /**
   * Which source each segment is of, and how far they have been read now, to be written down; or which file another one
   * has come in the place of meanwhile, so that nobody can say what was read of it.
   */
  about(
    parts: readonly Part[],
    places: Places,
  ): Promise<{ readonly placeOf: PlaceOf; write(): void } | { readonly movedAway: string }>;
  /** All of them, by number. */
  places(): Places;
}

export function keptSources(database: Database): Sources {
  /** Those of this run. */
  const ids = new Map<string, number>();
  /** How far each had been read before, and what it was when that was looked at. */
  const before = new Map<string, Kept>();
  const files = new Map<string, FileFacts>();
  const write = database.doing(`UPDATE sources SET ${COLUMNS.map(column => `${column} = ?`).join(', ')} WHERE id = ?`);
  const add = database.doing('INSERT OR IGNORE INTO sources (id, path) VALUES (?, ?)');

  /** Nobody else writes meanwhile, so that numbers can be given before they are written down. */
  let next = (database.number('SELECT max(id) FROM sources') ?? 0) + 1;
  const idOf = (name: string): number => {
    const id = ids.get(name) ?? next++;
    ids.set(name, id);
    return id;
  };

  return {
    async resume(sources) {
      const kept = [...database.rows(`SELECT id, ${COLUMNS.join(', ')} FROM sources WHERE device IS NOT NULL`)];
      const found = await resumeAll(sources, kept.map(keptOf));
      for (const resumption of found) {
        const { source, file } = resumption;
        if (!file) continue;
        files.set(source.name, file);
        if (resumption.kind === 'new') {
          // A first line that nobody has ended waits, and so that it is known next time.
          if (source.part?.to === 0 && file.size > 0) {
            add(idOf(source.name), source.name);
            write(...valuesOf({ ...NOTHING_READ, ...file, path: source.name, waiting: file.size }), idOf(source.name));
          }
          continue;
        }
        const { known } = resumption;
        ids.set(source.name, known.id);
        before.set(source.name, known);
        const { device, inode, modified, size } = file;
        const whole = resumption.kind === 'same' ? (resumption.whole ?? known.whole) : known.whole;
        const waits = resumption.kind === 'same' && whole === undefined && size >= known.offset;
        // What was found in it is to be looked up where it lies now, and as what.
        const now = {
          ...{ ...known, path: source.name, device, inode, modified, whole },
          ...(waits && { size, waiting: size - known.offset }),
        };
        if (String(valuesOf(now)) !== String(valuesOf(known))) write(...valuesOf(now), known.id);
      }
      return found;
    },
    async about(parts, places) {
      const progress = new Map<string, Progress>();
      const logs = parts.filter(({ report }) => report.nature === undefined);
      for (const part of logs) {
        const file = fileOf(part.report.source);
        if (file === undefined) continue;
        try {
          const facts = await factsOf(file);
          const met = files.get(file);
          const isAnother = met && (met.device !== facts.device || met.inode !== facts.inode || facts.size < met.size);
          if (isAnother) return { movedAway: file };
          progress.set(file, await progressOf(part, { ...facts, ...met }, file, places, before.get(file)));
        } catch {
          // What could not be read is told already, and tried again by the next run.
          if (part.report.broken === undefined) return { movedAway: file };
        }
      }
      const sourceOf = new Map(logs.map(({ place, report }) => [place, idOf(report.source.name)]));
      return {
        placeOf: segment => ({
          source: sourceOf.get(segment) ?? 0,
          linesBefore: places.get(segment)?.linesBefore ?? 0,
        }),
        write() {
          for (const { report } of logs) add(idOf(report.source.name), report.source.name);
          for (const file of progress.keys()) add(idOf(file), file);
          for (const [file, at] of progress) write(...valuesOf(at), idOf(file));
        },
      };
    },
    places: () =>
      new Map(
        [...database.rows('SELECT id, path FROM sources')].map(([id, path]) => [
          Number(id),
          { source: String(path), linesBefore: 0 },
        ]),
      ),
  };
}

/** The file that a source is in; undefined where there is none that could be read again. */
const fileOf = ({ name, size, archive }: Source): string | undefined =>
  archive ?? (name === STDIN || size === undefined ? undefined : name);

/** How far a file has been read once this part of it has; `known`: how far it was read before this run. */
async function progressOf(
  { place, report }: Part,
  facts: FileFacts,
  file: string,
  places: Places,
  known: Progress | undefined,
): Promise<Progress> {
  const { source, from, to, lines, closing, text, shape } = report;
  const { size } = facts;
  const read = { ...facts, path: file, size, lines: (places.get(place)?.linesBefore ?? 0) + lines, closing };
  if (to !== undefined) {
    const head = await bytesAt(file, 0, headLength(to));
    const tail = await bytesAt(file, Math.max(0, to - PRINT), Math.min(PRINT, to));
    const waiting = to === source.part?.to ? size - to : 0;
    return { ...read, offset: to, head: printOf(head), tail: printOf(tail), whole: undefined, waiting };
  }
  const whole = await wholePrint(file, size);
  // What has no record a line cannot be gone on with.
  const { bytes, head, tail } = shape === undefined && source.archive === undefined && text ? text : NO_TEXT;
  return {
    ...{ ...read, offset: from + bytes, whole, waiting: 0 },
    head: from > 0 && known ? known.head : printOf(Buffer.from(head).subarray(0, headLength(head.length))),
    tail: bytes === 0 && known ? known.tail : printOf(Buffer.from(tail)),
  };
}

const NOTHING_READ = {
  ...{ offset: 0, lines: 0, closing: '', whole: undefined },
  ...{ head: printOf(Buffer.alloc(0)), tail: printOf(Buffer.alloc(0)) },
};

const NO_TEXT = { bytes: 0, head: new Uint8Array(), tail: new Uint8Array() };

const COLUMNS = [
  ...['path', 'device', 'inode', 'size', 'offset', 'lines', 'closing', 'head_length', 'head_hash'],
  ...['tail_length', 'tail_hash', 'whole', 'modified', 'waiting'],
];

const valuesOf = ({ path, device, inode, size, offset, lines, closing, head, tail, ...rest }: Progress) => [
  ...[path, device, inode, size, offset, lines, closing, head.length, head.hash],
  ...[tail.length, tail.hash, rest.whole ?? null, rest.modified, rest.waiting],
];

function keptOf([id, ...values]: readonly Value[]): Kept {
  const [
    path,
    device,
    inode,
    size,
    offset,
    lines,
    closing,
    headLength,
    headHash,
    tailLength,
    tailHash,
    whole,
    modified,
    waiting,
  ] = values;
  return {
    id: Number(id),
    path: String(path),
    device: Number(device),
    inode: Number(inode),
    size: Number(size),
    offset: Number(offset),
    lines: Number(lines),
    closing: String(closing),
    head: { length: Number(headLength), hash: String(headHash) },
    tail: { length: Number(tailLength), hash: String(tailHash) },
    whole: whole === null ? undefined : String(whole),
    modified: Number(modified),
    waiting: Number(waiting),
  };
}

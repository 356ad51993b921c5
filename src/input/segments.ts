import { sum } from '../value/sum.ts';
import { isArchive, MOST_ENTRIES } from './archive.ts';
import { layoutOf } from './layout.ts';
import { type Source, STDIN } from './sources.ts';

/** A part of a source that is read by itself: the lines that begin in it. */
export interface Segment {
  readonly source: Source;
  /** The first byte, and the one after the last; undefined is the end of the source, wherever that will be. */
  readonly from: number;
  readonly to: number | undefined;
  /** So many bytes of the source are read before, for what they say of the lines that follow: a header, a format. */
  readonly prelude: number;
  /** Another thread is free to unpack it. */
  readonly isUnpackedAhead: boolean;
  /** It holds files, each of which is read by itself. */
  readonly isArchive: boolean;
  /** `from` counts bytes as they are unpacked: an earlier run has read those before. */
  readonly isPacked?: true;
}

/** Segments that one thread reads one after the other, and of which one observation is left. */
export interface Bundle {
  /** The number of the first of them among all; the others follow, and so do the files in an archive. */
  readonly place: number;
  readonly segments: readonly [Segment, ...Segment[]];
}

/** How sources are cut and put together, in bytes. */
export interface Cut {
  readonly length: number;
  /** So much of small sources is read together. */
  readonly bundle: number;
  readonly prelude: number;
  /** How many threads may read. */
  readonly threads: number;
}

const SHORTEST = 16 << 20;
const LONGEST = 128 << 20;
/** Of packed bytes. */
const WORTH_A_THREAD = 4 << 20;

/** So many segments for each thread: the last one keeps nobody waiting for long. */
const EACH = 4;

/**
 * The longer a segment, the less is learnt again that another has learnt already; findings do not depend on it. A prelude
 * is longer than any header.
 */
export function cutFor(sources: readonly Source[], threads: number): Cut {
  const share = Math.ceil(
    sum(sources.map(({ size = 0, part }) => (part?.to ?? size) - (part?.to === undefined ? 0 : part.from))) /
      (threads * EACH),
  );
  return { length: Math.min(Math.max(share, SHORTEST), LONGEST), bundle: share, prelude: 64 << 10, threads };
}

/** All segments of all sources, in order. What is compressed, has no record a line, or comes through a pipe, is one. */
export async function segmentsOf(
  sources: readonly Source[],
  { length, prelude, threads }: Cut,
): Promise<readonly Segment[]> {
  const segments: Segment[] = [];
  for (const source of sources) {
    const { size = 0, part: asked } = source;
    const start = asked?.from ?? 0;
    const rest = (asked?.to ?? size) - start;
    const isArchived = await isArchive(source);
    const layout = !isArchived && rest > Math.min(length, WORTH_A_THREAD) ? await layoutOf(source) : undefined;
    const parts = rest > length && layout === 'lines' ? Math.ceil(rest / length) : 1;
    for (let part = 0; part < parts; part++) {
      const from = start + part * length;
      const to = part === parts - 1 ? asked?.to : from + length;
      segments.push({
        source,
        from,
        to,
        prelude: Math.min(from, prelude),
        isUnpackedAhead: layout === 'packed' && size > WORTH_A_THREAD && start === 0,
        isArchive: isArchived,
        ...(asked !== undefined && asked.to === undefined && { isPacked: true }),
      });
    }
  }
  // Where there are as many segments as threads, each thread is busy with its own.
  let free = threads - segments.length;
  return segments.map(segment => ({ ...segment, isUnpackedAhead: segment.isUnpackedAhead && free-- > 0 }));
}

/**
 * Puts whole small files together: what one has taught is not learnt anew from the next, which matters where a year of
 * hourly logs is ten thousand of them. Parts of a source stay alone, because only the part before says how to read one.
 * `first` is the number of the first segment, `next` the one that would follow.
 */
export function bundlesOf(
  segments: readonly Segment[],
  { bundle }: Pick<Cut, 'bundle'>,
  first = 0,
): { readonly bundles: readonly Bundle[]; readonly next: number } {
  const bundles: { place: number; segments: [Segment, ...Segment[]] }[] = [];
  let room = 0;
  let place = first;
  for (const segment of segments) {
    const length = isWhole(segment) ? lengthOf(segment) : Number.POSITIVE_INFINITY;
    const last = bundles.at(-1);
    if (last && length <= room) last.segments.push(segment);
    else {
      bundles.push({ place, segments: [segment] });
      room = Number.isFinite(length) ? bundle : 0;
    }
    room -= length;
    place += segment.isArchive ? MOST_ENTRIES : 1;
  }
  return { bundles, next: place };
}

/** All that is asked for of a file, of which there is no other segment. */
const isWhole = ({ source, from, to, isUnpackedAhead, isArchive }: Segment): boolean =>
  !isArchive &&
  source.name !== STDIN &&
  source.size !== undefined &&
  from === (source.part?.from ?? 0) &&
  to === source.part?.to &&
  !isUnpackedAhead;

/** In bytes, as far as is known. */
export const lengthOf = ({ source, from, to }: Segment): number => Math.max(0, (to ?? source.size ?? 0) - from);

/** Everything from a segment on, read with all that stands before it in mind. */
export const restFrom = ({ source, from }: Segment): Segment => ({
  ...{ source, from, to: source.part?.to },
  prelude: from,
  isUnpackedAhead: false,
  isArchive: false,
});

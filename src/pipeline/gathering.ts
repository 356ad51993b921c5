import type { SegmentPlace } from '../correlate/findings.ts';
import { sum } from '../value/sum.ts';
import type { Part } from './observe-segment.ts';
import { joinedRefusals, type Refusals } from './refusals.ts';
import { joinedReports, type SourceReport } from './source-report.ts';

/** Puts what is told of segments together again to what is told of sources. */
export interface Gathering {
  add(part: Part): void;
  /** There is nothing more to add. */
  finish(): void;
  readonly reports: readonly SourceReport[];
  /** Where each segment lies, by its place in the list of segments. */
  readonly places: ReadonlyMap<number, SegmentPlace>;
}

type PlacedPart = Part & { readonly linesBefore: number };

/** `read` hears of each source, and of those of its lines that were no records, when all of it has been read. */
export function createGathering(read: (source: string, refusals: Refusals) => void): Gathering {
  const places = new Map<number, SegmentPlace>();
  const reports: SourceReport[] = [];
  /** Those of one source, so far. */
  let parts: PlacedPart[] = [];

  const finish = (): void => {
    const [first, ...others] = parts.map(({ report }) => report);
    if (!first) return;
    reports.push(joinedReports([first, ...others]));
    read(first.source.name, joinedRefusals(parts));
    parts = [];
  };

  return {
    places,
    reports,
    finish,
    add(part) {
      const { place, report } = part;
      // In an archive two files may have one name.
      if (report.from === 0 || parts[0]?.report.source.name !== report.source.name) finish();
      const linesBefore = sum(parts.map(part => part.report.linesBefore + part.report.lines)) + report.linesBefore;
      places.set(place, { source: report.source.name, linesBefore });
      parts.push({ ...part, linesBefore });
    },
  };
}

import { joinedSpans, type Span } from '../baseline/acquaintance.ts';
import { joinedCoverage } from '../decode/coverage.ts';
import type { Coverage, Format } from '../decode/reading.ts';
import type { Shape } from '../input/shape.ts';
import type { Source } from '../input/sources.ts';
import { joinedBy } from '../value/joined.ts';
import { add, sum } from '../value/sum.ts';

/** What became of a source. */
export interface SourceReport {
  readonly source: Source;
  readonly formats: readonly Format[];
  /** The tools or versions that write so, where several write one format. */
  readonly dialects: readonly string[];
  /** What may be wrong with its times. */
  readonly doubts: readonly string[];
  /** How it was laid out, where that was not a record a line. */
  readonly shape?: Shape;
  /** Blank ones and comments too. */
  readonly lines: number;
  /** Events by log, as far as they were wanted. */
  readonly logs: ReadonlyMap<string, number>;
  /** Sound records of logs that no rule reads. */
  readonly passed: ReadonlyMap<string, number>;
  readonly bad: number;
  /** When the wanted events of each log happened. */
  readonly spans: ReadonlyMap<string, Span>;
  /** Events that were not wanted. */
  readonly outside: number;
  readonly coverage: readonly Coverage[];
  /** Why it is no log; then nothing of it was used. */
  readonly nature?: string;
  /** Why it ended before its end. */
  readonly broken?: string;
}

/** What became of a source, by what became of its parts. */
export function joinedReports(parts: readonly [SourceReport, ...SourceReport[]]): SourceReport {
  const [{ source, nature, shape }] = parts;
  const formats = [...new Set(parts.flatMap(part => part.formats))];
  const dialects = [...new Set(parts.flatMap(part => part.dialects))];
  const broken = parts.find(part => part.broken !== undefined)?.broken;
  return {
    source,
    formats,
    dialects,
    doubts: [...new Set(parts.flatMap(part => part.doubts))],
    lines: sum(parts.map(({ lines }) => lines)),
    logs: joinedBy(
      parts.flatMap(({ logs }) => [...logs]),
      add,
    ),
    passed: joinedBy(
      parts.flatMap(({ passed }) => [...passed]),
      add,
    ),
    bad: sum(parts.map(({ bad }) => bad)),
    outside: sum(parts.map(({ outside }) => outside)),
    spans: joinedBy(
      parts.flatMap(({ spans }) => [...spans]),
      joinedSpans,
    ),
    coverage: joinedCoverage(parts.flatMap(part => part.coverage)),
    ...(formats.length === 0 && nature !== undefined && { nature }),
    ...(shape !== undefined && { shape }),
    ...(broken !== undefined && { broken }),
  };
}

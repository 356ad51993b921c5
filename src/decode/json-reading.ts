import { openJson } from '../kernel/open.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { coverageOf, createSeen, tellingOf } from './coverage.ts';
import type { Field } from './field.ts';
import { type AnyLog, fieldsOf, openView, planOf, type View } from './log.ts';
import { deliver, type Format, type Reading, type Surroundings } from './reading.ts';
import { createRowClass, type RowClass } from './row-class.ts';

interface JsonFormat {
  readonly format: Format;
  readonly logs: readonly AnyLog[];
  /** Which log a record belongs to; undefined for a record that is not of this format. */
  readonly logName: Field<string | undefined>;
  /** Which it is by the name of its file, where it is of this format but does not say. */
  readonly unknown?: { readonly name: string; nameBy(fileName: string): string | undefined };
}

/** What is the same for all sources of a format. */
interface Prepared {
  readonly plan: Plan;
  readonly byName: ReadonlyMap<string, AnyLog>;
  /** Columns that show that a field is logged. */
  readonly telling: Plan;
  readonly NamedRow: RowClass<{ readonly name: string | undefined }>;
}

/** Reads JSON, one record a line, where each record says which log it belongs to. */
export function jsonReading(format: JsonFormat): (symbols: Symbols, around: Surroundings) => Reading {
  let prepared: Prepared | undefined;
  return (symbols, { fileName }) => {
    prepared ??= prepare(format);
    return openReading(format, prepared, symbols, fileName);
  };
}

const prepare = ({ logs, logName }: JsonFormat): Prepared => ({
  plan: planOf([logName, ...logs.flatMap(fieldsOf).map(([, field]) => field)]),
  telling: tellingOf(logs),
  byName: new Map(logs.map(log => [log.name, log])),
  NamedRow: createRowClass({ name: logName }),
});

function openReading(
  { format, logs, unknown }: JsonFormat,
  { plan, byName, telling, NamedRow }: Prepared,
  symbols: Symbols,
  fileName: string,
): Reading {
  const decoder = openJson(plan, symbols);
  const { table } = decoder;
  const namedRow = new NamedRow(table);
  /** Of many logs a file has hardly ever more than one. */
  const views = new Map<string, View>();
  const viewOf = (name: string): View | undefined => {
    const known = views.get(name);
    const log = byName.get(name);
    if (known || !log) return known;
    const view = openView(log, table);
    views.set(name, view);
    return view;
  };
  const seen = createSeen(table, telling);
  const met = new Set<string>();
  /** Hardly ever asked for. */
  let byFile: string | undefined;
  const nameByFile = ({ name, nameBy }: NonNullable<typeof unknown>): string => {
    byFile ??= nameBy(fileName) ?? name;
    return byFile;
  };

  /** Which log each row of the batch belongs to, as far as the rows are of this format. */
  const nameRows = (): readonly string[] => {
    const names: string[] = [];
    for (let row = 0; row < table.rows; row++) {
      namedRow.row = row;
      const { name } = namedRow;
      if (name === undefined) break;
      names.push(unknown && name === unknown.name ? nameByFile(unknown) : name);
    }
    return names;
  };

  return {
    formats: [format],
    header: '',
    read(block, from, reader) {
      let position = from;
      for (;;) {
        const progress = decoder.decode(block, position);
        const names = nameRows();
        const rows = names.length;
        const isOurs = rows === table.rows;
        position = isOurs ? progress : { at: table.starts[rows] ?? 0, line: table.lines[rows] ?? 0 };
        // Where formats are mixed line by line, most of a full batch would be decoded for nothing.
        table.most = Math.min(table.capacity, isOurs ? Math.max(table.most, 2 * rows) : rows + 1);
        table.rows = rows;
        seen.look();
        for (const name of names) met.add(name);
        const refused = progress.refused.filter(({ line }) => line < position.line);
        deliver({ block, table, refused, nameAt: row => names[row] ?? '', viewOf }, reader);
        if (progress.stop !== 'full' || position !== progress) return position;
      }
    },
    takes: () => false,
    coverage: () => logs.filter(({ name }) => met.has(name)).map(log => coverageOf(log, seen.has, true)),
  };
}

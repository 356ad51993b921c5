import { openJson } from '../kernel/open.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { coverageOf, createSeen } from './coverage.ts';
import type { Field } from './field.ts';
import { type AnyLog, bindField, fieldsOf, openView, planOf } from './log.ts';
import { deliver, type Format, type Reading } from './reading.ts';

interface JsonFormat {
  readonly format: Format;
  readonly logs: readonly AnyLog[];
  /** Which log a record belongs to; undefined for a record that is not of this format. */
  readonly logName: Field<string | undefined>;
}

/** Reads JSON, one record a line, where each record says which log it belongs to. */
export function createJsonReading({ format, logs, logName }: JsonFormat, symbols: Symbols): Reading {
  const plan = planOf([logName, ...logs.flatMap(fieldsOf).map(([, field]) => field)]);
  const decoder = openJson(plan, symbols);
  const { table } = decoder;
  const nameAt = bindField(logName, table);
  const views = new Map(logs.map(log => [log.name, openView(log, table)]));
  const seen = createSeen();
  const met = new Set<string>();

  /** The first row of the batch that belongs to another format, or the number of rows. */
  const firstStranger = (): number => {
    let row = 0;
    while (row < table.rows && nameAt(row) !== undefined) row++;
    return row;
  };

  return {
    format,
    read(block, from, reader) {
      let position = from;
      for (;;) {
        const progress = decoder.decode(block, position);
        const rows = firstStranger();
        position = rows === table.rows ? progress : { at: table.starts[rows] ?? 0, line: table.lines[rows] ?? 0 };
        table.rows = rows;
        seen.look(table);
        for (let row = 0; row < rows; row++) met.add(nameAt(row) ?? '');
        const refused = progress.refused.filter(({ line }) => line < position.line);
        deliver({ block, table, refused, nameAt: row => nameAt(row) ?? '', viewOf: name => views.get(name) }, reader);
        if (progress.stop !== 'full' || position !== progress) return position;
      }
    },
    coverage: () => logs.filter(({ name }) => met.has(name)).map(log => coverageOf(log, seen.has)),
  };
}

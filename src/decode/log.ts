import type { EventKind, EventOf, FieldOf, LogEvent } from '../event/event.ts';
import { keyOf, type Plan, type PlanColumn } from '../kernel/plan.ts';
import { columnIn, isAbsent, type Table } from '../kernel/table.ts';
import type { Field } from './field.ts';
import type { Records } from './reading.ts';
import { createRowClass, type RowClass, type RowCursor, type Scope } from './row-class.ts';

/** One kind of record that a sensor writes, and how each thing that the event tells is read from it. */
export interface Log<Kind extends EventKind> {
  /** The sensor's own name of it: `conn`, `anomaly`. */
  readonly name: string;
  /** What its user would call it: `Zeek conn.log`, `Suricata EVE flow events`. */
  readonly title: string;
  readonly kind: Kind;
  readonly fields: Fields<Kind>;
  /** Of flows and connections the originator's port, which tells them from others between the same ends. */
  readonly port?: PlanColumn | undefined;
}

export type Fields<Kind extends EventKind> = {
  readonly [Name in FieldOf<Kind>]: Field<EventOf<Kind>[Name]>;
};

/** A log of any kind. */
export type AnyLog = { readonly [Kind in EventKind]: Log<Kind> }[EventKind];

export const fieldsOf = (log: AnyLog): readonly (readonly [name: string, field: Field<unknown>])[] =>
  Object.entries(log.fields);

/** The columns that the fields need, each once: what several logs share (`ts`, `src_ip`) is decoded once. */
export function planOf(fields: Iterable<Pick<Field<unknown>, 'columns'>>): Plan {
  const columns = new Map<string, PlanColumn>();
  for (const field of fields) {
    for (const column of field.columns) columns.set(keyOf(column), column);
  }
  return [...columns.values()];
}

/** The rows of a table that are records of one log. */
export interface View {
  readonly log: AnyLog;
  /** Those that have been taken, in their order. */
  readonly records: Records;
  /** Takes some rows of a block whose first line has that number, but for those, returned, that lack what every record has. */
  take(from: number, to: number, line: number): readonly number[];
  /** The first field that the row should have and has not, as the sensor spells it. */
  missing(row: number): string | undefined;
  /** Forgets what was taken. */
  clear(): void;
}

/** Shows one row after the other as an event, which is the same object for all of them: valid until it is moved. */
export type EventCursor = LogEvent & RowCursor;

/** One class for each log, whichever file it is in: whoever reads the events meets as few shapes as there are logs. */
const eventClasses = new Map<AnyLog, RowClass<EventCursor>>();

function eventClassOf(log: AnyLog): RowClass<EventCursor> {
  const known = eventClasses.get(log);
  if (known) return known;
  const created = createRowClass<EventCursor>(
    { ...Object.fromEntries(fieldsOf(log)), kind: { code: scope => scope.constant(log.kind), likeness: [] } },
    {
      telling: { time: timeOf(log), port: log.port },
      isWhole: scope =>
        requiredBy(log)
          .map(column => isThere(column, scope))
          .join(' && '),
    },
  );
  eventClasses.set(log, created);
  return created;
}

function timeOf({ fields, title }: AnyLog): PlanColumn {
  const [column] = fields.time.columns;
  if (column?.type !== 'time') throw new TypeError(`the time of ${title} is no column`);
  return column;
}

const NONE: readonly number[] = [];

/** Written out for the columns that are asked of every row. */
function isThere(column: PlanColumn, scope: Scope): string {
  const values = `${scope.column(column)}.values[row]`;
  if (column.type === 'time' || column.type === 'address') return `${values} === ${values}`;
  return `!${scope.constant(isAbsent)}(${scope.column(column)}, row)`;
}

const requiredBy = (log: AnyLog): Plan => planOf(fieldsOf(log).map(([, field]) => ({ columns: field.required ?? [] })));

export function openView(log: AnyLog, table: Table): View {
  const EventClass = eventClassOf(log);
  const event = new EventClass(table);
  const rows = event.sieve?.rows ?? new Uint32Array(table.capacity);
  let firstLine = 1;
  let count = 0;
  return {
    log,
    records: {
      event,
      rows,
      lineOf: row => firstLine + (table.lines[row] ?? 0),
      get count() {
        return count;
      },
    },
    take(from, to, line) {
      firstLine = line;
      const before = count;
      count = event.takeWhole(from, to, rows, before);
      if (count - before === to - from) return NONE;
      const taken = new Set(rows.subarray(before, count));
      return Array.from({ length: to - from }, (_, index) => from + index).filter(row => !taken.has(row));
    },
    missing: row =>
      requiredBy(log)
        .find(column => isAbsent(columnIn(table, column), row))
        ?.paths[0]?.join('.'),
    clear() {
      count = 0;
    },
  };
}

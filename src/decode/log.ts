import type { EventKind, EventOf, FieldOf, LogEvent } from '../event/event.ts';
import type { Plan, PlanColumn } from '../kernel/plan.ts';
import { type Column, isAbsent, type Table } from '../kernel/table.ts';
import { type CursorClass, cursorClass } from './cursor.ts';
import { type Field, unlogged } from './field.ts';

/** One kind of record that a sensor writes, and how each thing that the event tells is read from it. */
export interface Log<Kind extends EventKind> {
  /** The sensor's own name of it: `conn`, `anomaly`. */
  readonly name: string;
  /** What its user would call it: `Zeek conn.log`, `Suricata EVE flow events`. */
  readonly title: string;
  readonly kind: Kind;
  readonly fields: Fields<Kind>;
}

export type Fields<Kind extends EventKind> = {
  readonly [Name in FieldOf<Kind>]: Field<EventOf<Kind>[Name]>;
};

/** A log of any kind. */
export type AnyLog = { readonly [Kind in EventKind]: Log<Kind> }[EventKind];

export const fieldsOf = (log: AnyLog): readonly (readonly [name: string, field: Field<unknown>])[] =>
  Object.entries(log.fields);

/** The columns that the fields need, each once: what several logs share (`ts`, `src_ip`) is decoded once. */
export function planOf(fields: Iterable<Field<unknown>>): Plan {
  const columns = new Map<string, PlanColumn>();
  for (const field of fields) {
    for (const column of field.columns) columns.set(keyOf(column), column);
  }
  return [...columns.values()];
}

const keyOf = ({ paths, type }: PlanColumn): string => JSON.stringify([type, paths]);

const columnIn = (table: Table, column: PlanColumn): Column => {
  const found = table.columns[table.plan.findIndex(planned => keyOf(planned) === keyOf(column))];
  if (!found) throw new TypeError(`the plan has no column ${keyOf(column)}`);
  return found;
};

/** A field's reader over a table whose plan holds the field. */
export const bindField = <Value>(field: Field<Value>, table: Table): ((row: number) => Value) =>
  field.bind(
    field.columns.map(column => columnIn(table, column)),
    table.symbols,
  );

/** All sensors' events of a kind are of one class, with the properties in one order. */
function eventClassOf(kind: EventKind, names: readonly string[]): CursorClass {
  const known = eventClasses.get(kind) ?? cursorClass(names, { kind });
  eventClasses.set(kind, known);
  return known;
}

const eventClasses = new Map<EventKind, CursorClass>();

/** A cursor that shows rows of a table as events of one log. */
export interface View {
  readonly log: AnyLog;
  /** The event of a row: the same object for every row, so it is valid until the next call. */
  at(row: number): LogEvent;
  /** The first field that the row should have and has not, as the sensor spells it. */
  missing(row: number): string | undefined;
}

export function openView(log: AnyLog, table: Table): View {
  const fields = new Map(fieldsOf(log));
  const names = [...fields.keys()].sort();
  const Cursor = eventClassOf(log.kind, names);
  const cursor = new Cursor(names.map(name => bindField(fields.get(name) ?? unlogged, table)));
  const required = fieldsOf(log)
    .flatMap(([, field]) => field.required ?? [])
    .map(column => ({ name: column.paths[0]?.join('.'), values: columnIn(table, column) }));

  return {
    log,
    at(row) {
      cursor.row = row;
      return cursor as unknown as LogEvent;
    },
    missing: row => required.find(({ values }) => isAbsent(values, row))?.name,
  };
}

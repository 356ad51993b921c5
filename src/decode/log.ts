import type { EventKind, EventOf, FieldOf, LogEvent } from '../event/event.ts';
import { keyOf, type Plan, type PlanColumn } from '../kernel/plan.ts';
import { columnIn, isAbsent, type Table } from '../kernel/table.ts';
import type { Field } from './field.ts';
import { createRowClass, type RowClass } from './row-class.ts';

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

/** A cursor that shows rows of a table as events of one log. */
export interface View {
  readonly log: AnyLog;
  /** The event of a row: the same object for every row, so it is valid until the next call. */
  at(row: number): ShownEvent;
  /** The first field that the row should have and has not, as the sensor spells it. */
  missing(row: number): string | undefined;
}

/** An event, and whether the row has what it takes to be one. */
type ShownEvent = LogEvent & { readonly isWhole: boolean };

/** One class for each log, whichever file it is in: whoever reads the events meets as few shapes as there are logs. */
const eventClasses = new Map<AnyLog, RowClass<ShownEvent>>();

function eventClassOf(log: AnyLog): RowClass<ShownEvent> {
  const known = eventClasses.get(log);
  if (known) return known;
  const created = createRowClass<ShownEvent>({
    ...Object.fromEntries(fieldsOf(log).map(([name, { code }]) => [name, code])),
    kind: scope => scope.constant(log.kind),
    isWhole: scope =>
      requiredBy(log)
        .map(column => `!${scope.constant(isAbsent)}(${scope.column(column)}, row)`)
        .join(' && ') || 'true',
  });
  eventClasses.set(log, created);
  return created;
}

const requiredBy = (log: AnyLog): readonly PlanColumn[] => fieldsOf(log).flatMap(([, field]) => field.required ?? []);

export function openView(log: AnyLog, table: Table): View {
  const EventClass = eventClassOf(log);
  const event = new EventClass(table);
  return {
    log,
    at(row) {
      event.row = row;
      return event;
    },
    missing: row =>
      requiredBy(log)
        .find(column => isAbsent(columnIn(table, column), row))
        ?.paths[0]?.join('.'),
  };
}

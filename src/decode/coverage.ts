import { keyOf, type Plan } from '../kernel/plan.ts';
import { type Column, columnIn, isAbsent, type Table } from '../kernel/table.ts';
import type { Field } from './field.ts';
import { type AnyLog, fieldsOf, planOf } from './log.ts';
import type { Coverage, Lack } from './reading.ts';

/** What a log covers, given which of its fields the source is known to have. */
export function coverageOf(log: AnyLog, has: (field: Field<unknown>) => boolean, isByRecords = false): Coverage {
  const fields = new Set<string>();
  const missing = new Map<string, Lack>();
  for (const [name, field] of fieldsOf(log)) {
    if (has(field)) fields.add(name);
    else missing.set(name, lackOf(field));
  }
  return { kind: log.kind, title: log.title, fields, missing, isByRecords };
}

/** What parts of one source cover together. */
export function joinedCoverage(parts: Iterable<Coverage>): readonly Coverage[] {
  const joined = new Map<string, Coverage>();
  for (const part of parts) {
    const key = part.isByRecords ? part.title : JSON.stringify([part.title, ...part.fields]);
    const known = joined.get(key) ?? part;
    const fields = new Set([...known.fields, ...part.fields]);
    const missing = new Map([...known.missing].filter(([name]) => !fields.has(name)));
    joined.set(key, { ...known, fields, missing });
  }
  return [...joined.values()];
}

const lackOf = ({ tellers, logged }: Field<unknown>): Lack => ({
  column: tellers[0]?.paths[0]?.join('.'),
  enable: typeof logged === 'object' ? logged.enable : undefined,
});

/** JSON leaves out what is unset, so a field that needs a setting counts as logged once it was seen. */
export interface Seen {
  /** Looks at what the table holds just now. */
  look(): void;
  has(field: Field<unknown>): boolean;
}

/** The columns of logs that tell fields which need a setting. */
export function tellingOf(logs: readonly AnyLog[]): Plan {
  const fields = logs.flatMap(fieldsOf).map(([, field]) => field);
  return planOf(fields.filter(({ logged }) => typeof logged === 'object').map(tellersOf));
}

export function createSeen(table: Table, telling: Plan): Seen {
  const unseen = new Map(telling.map(column => [keyOf(column), columnIn(table, column)]));
  return {
    look() {
      for (const [key, column] of unseen) if (isAnywhere(column, table.rows)) unseen.delete(key);
    },
    has({ logged, tellers }) {
      if (logged === 'always' || logged === 'never') return logged === 'always';
      return tellers.some(column => !unseen.has(keyOf(column)));
    },
  };
}

const tellersOf = (field: Field<unknown>): Pick<Field<unknown>, 'columns'> => ({ columns: field.tellers });

function isAnywhere(column: Column, rows: number): boolean {
  for (let row = 0; row < rows; row++) if (!isAbsent(column, row)) return true;
  return false;
}

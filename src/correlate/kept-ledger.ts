import type { Database } from '../baseline/store/database.ts';
import type { Names } from '../baseline/store/names.ts';
import type { Reference, Sign } from '../finding/evidence.ts';
import type { Address } from '../value/address.ts';
import type { Distinct } from '../value/distinct.ts';
import type { Entries, Entry, Ledger } from './ledger.ts';

/** What is written down of a ledger, each with its number. */
export function* entriesIn(database: Database, names: Names): Generator<readonly [id: number, entry: Entry]> {
  const addressOf = (number: unknown): Address | undefined =>
    number === null ? undefined : names.addressOf(Number(number));
  for (const row of database.rows(`SELECT id, ${COLUMNS.join(', ')} FROM evidence`)) {
    const [id, rule, originator, responder, port, transport, sign, first, last, count, marks, lines, items] = row;
    const entry: Entry = {
      rule: String(rule),
      sign: JSON.parse(String(sign)) as Sign,
      originator: addressOf(originator),
      responder: addressOf(responder),
      port: port === null ? undefined : Number(port),
      transport: transport === null ? undefined : String(transport),
      first: Number(first),
      last: Number(last),
      count: Number(count),
      marks: marks === null ? undefined : Number(marks),
      references: (JSON.parse(String(lines)) as Line[]).map(referenceOf),
      ...(items !== null && { items: JSON.parse(String(items)) as Distinct }),
    };
    yield [Number(id), entry];
  }
}

/** A ledger that later runs go on with: what grows in it is written down in the transaction of whoever asks. */
export function keptLedger(database: Database, names: Names, ledger: Ledger) {
  const numbers = new Map<Entry, number>();
  const twins: (readonly [entry: Entry, id: number])[] = [];
  const numberOf = (address: Address | undefined): number | null =>
    address === undefined ? null : names.numberOfAddress(address);

  for (const [id, entry] of entriesIn(database, names))
    ledger.merge({ entries: () => [entry], dropped: 0 }, kept => {
      // What is ours has changed since, and two entries are one now.
      if (numbers.has(kept)) twins.push([kept, id]);
      else numbers.set(kept, id);
    });

  const values = (entry: Entry) => [
    entry.rule,
    numberOf(entry.originator),
    numberOf(entry.responder),
    entry.port ?? null,
    entry.transport ?? null,
    JSON.stringify(entry.sign),
    entry.first,
    entry.last,
    entry.count,
    entry.marks ?? null,
    JSON.stringify(entry.references.map(lineOf)),
    entry.items ? JSON.stringify(entry.items) : null,
  ];
  const marksOfColumns = COLUMNS.map(() => '?').join(', ');
  const insert = database.doing(`INSERT INTO evidence (${COLUMNS.join(', ')}) VALUES (${marksOfColumns})`);
  const update = database.doing(
    `UPDATE evidence SET ${COLUMNS.map(column => `${column} = ?`).join(', ')} WHERE id = ?`,
  );

  if (twins.length > 0)
    database.together(() => {
      for (const [entry, id] of twins) {
        update(...values(entry), numbers.get(entry) ?? 0);
        database.doing('DELETE FROM evidence WHERE id = ?')(id);
      }
    });

  return {
    /** The entries that grew, which are to be written down. */
    merge(others: Entries): ReadonlySet<Entry> {
      const grown = new Set<Entry>();
      ledger.merge(others, entry => grown.add(entry));
      return grown;
    },
    write(grown: Iterable<Entry>): void {
      for (const entry of grown) {
        const number = numbers.get(entry);
        if (number !== undefined) update(...values(entry), number);
        else {
          insert(...values(entry));
          numbers.set(entry, database.number('SELECT last_insert_rowid()') ?? 0);
        }
      }
    },
  };
}

const COLUMNS = [
  ...[
    'rule',
    'originator',
    'responder',
    'port',
    'transport',
    'sign',
    'first',
    'last',
    'count',
    'marks',
    'lines',
    'items',
  ],
];

/** A reference as it is written down. */
type Line = readonly [source: number, log: string, line: number, time: number, uid: string | null];

const lineOf = ({ segment, log, line, time, uid }: Reference): Line => [segment, log, line, time, uid ?? null];

const referenceOf = ([segment, log, line, time, uid]: Line): Reference => ({
  ...{ segment, log, line, time },
  uid: uid ?? undefined,
});

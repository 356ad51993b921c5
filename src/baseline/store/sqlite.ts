import type { Symbols } from '../../kernel/symbols.ts';
import type { Address } from '../../value/address.ts';
import { DAY } from '../../value/time.ts';
import { PackedRows } from '../packed-rows.ts';
import { NONE, type Row } from '../row.ts';
import { lastingTraits, type Trait, traits, witnessOfTrait } from '../traits.ts';
import type { Database, Value } from './database.ts';
import { createNames, keepable, type Names } from './names.ts';
import type { BaselineStore, Known, Segment } from './store.ts';

/** A baseline in a file, which other runs go on with. References are to rows of its table of sources. */
export function createSqliteStore(
  database: Database,
  symbols: Symbols,
  names = createNames(database, symbols),
): BaselineStore {
  const numbers = numberTraits(database);
  const traitOf = new Map(numbers.map((number, trait) => [number, trait]));
  const upsert = database.doing(UPSERT);

  const idOf = (segment: Segment): number | undefined => {
    const [row] = database.rows(
      'SELECT id FROM segments WHERE writer = ? AND sequence = ?',
      segment.writer,
      segment.sequence,
    );
    return row === undefined ? undefined : Number(row[0]);
  };

  const write = (row: Row, segment: number): void => {
    const { first, last, reference } = row;
    upsert(
      numbers[row.trait] ?? 0,
      names.numberOfAddress(row.entity),
      names.numberOfAddress(row.peer),
      row.port,
      names.numberOf(row.transport),
      names.numberOf(row.name),
      first,
      last - first,
      row.count,
      row.bytes,
      row.days,
      row.marks,
      reference.segment,
      names.numberOf(reference.log),
      reference.line,
      reference.uid === undefined ? null : plain(reference.uid),
      segment,
    );
  };

  /** Rows in great numbers: to fetch each value by itself takes three times as long as to cut a text. */
  const those = (where: string, ...values: readonly Value[]): PackedRows => {
    const rows = new PackedRows();
    for (const [lines] of database.rows(`SELECT ${LINES} FROM sighting ${where} GROUP BY trait, host`, ...values)) {
      for (const line of String(lines).split(RECORD)) {
        const row = rowIn(line, traitOf, names);
        if (row) rows.push(row);
      }
    }
    return rows;
  };

  return {
    merge(segment, rows) {
      database.together(() => {
        if (idOf(segment) !== undefined) return;
        database.doing('INSERT INTO segments (writer, sequence) VALUES (?, ?)')(segment.writer, segment.sequence);
        const id = idOf(segment) ?? 0;
        for (const row of inKeyOrder(rows)) write(row, id);
      });
      return { [Symbol.iterator]: () => those('WHERE segment = ?', idOf(segment) ?? 0)[Symbol.iterator]() };
    },
    scan: () => those(''),
    lookup(entity) {
      const host = names.seekAddress(entity);
      return host === undefined ? [] : those('WHERE host = ?', host);
    },
    prevalence({ trait, peer, port, transport, name }) {
      const key = [numbers[trait], names.seekAddress(peer), port, names.seek(transport), names.seek(name)];
      if (!key.every(part => part !== undefined)) return 0;
      const [row] = database.rows(
        'SELECT count(*) FROM sighting WHERE trait = ? AND peer = ? AND port = ? AND transport = ? AND name = ?',
        ...key,
      );
      return Number(row?.[0]);
    },
    expire(before) {
      const numbersOf = (some: readonly Trait[]): string => some.map(trait => numbers[traits.indexOf(trait)]).join();
      const isOver = `first + lasted < ? AND trait NOT IN (${numbersOf(lastingTraits)})`;
      return database.together(() => {
        for (const witness of new Set(traits.map(witnessOfTrait))) {
          const own = traits.filter(trait => witnessOfTrait(trait) === witness);
          database.doing(`
            INSERT INTO known (witness, host, first, last)
            SELECT '${witness}', host, min(first), max(first + lasted) FROM sighting
            WHERE ${isOver} AND trait IN (${numbersOf(own)})
              AND NOT (trait = ${numbersOf(['inbound'])} AND port = ${NONE})
            GROUP BY host
            ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)`)(before);
        }
        return database.doing(`DELETE FROM sighting WHERE ${isOver}`)(before);
      });
    },
    *knownBefore(): Generator<Known> {
      for (const [witness, host, first, last] of database.rows('SELECT witness, host, first, last FROM known'))
        yield {
          witness: String(witness) as Known['witness'],
          entity: names.addressOf(Number(host)),
          first: Number(first),
          last: Number(last),
        };
    },
    forgotten: new Map<Address, number>(),
    close: () => database.close(),
  };
}

/** Traits have numbers of their own in each file: the program's own may change from version to version. */
function numberTraits(database: Database): readonly number[] {
  const numberOf = (trait: string): number | undefined => {
    const [row] = database.rows('SELECT id FROM traits WHERE name = ?', trait);
    return row === undefined ? undefined : Number(row[0]);
  };
  const missing = traits.filter(trait => numberOf(trait) === undefined);
  if (!database.isReadOnly) for (const trait of missing) database.doing('INSERT INTO traits (name) VALUES (?)')(trait);
  return traits.map(trait => numberOf(trait) ?? 0);
}

/** Rows come in as the table has them: to go back and forth in it takes two to three times as long. */
function inKeyOrder(rows: PackedRows): readonly Row[] {
  return [...rows].sort(
    (one, other) =>
      one.trait - other.trait ||
      one.entity - other.entity ||
      one.peer - other.peer ||
      one.port - other.port ||
      one.transport - other.transport ||
      one.name - other.name,
  );
}

const COLUMNS = [
  ...['trait', 'host', 'peer', 'port', 'transport', 'name', 'first', 'lasted', 'sightings', 'bytes', 'days', 'marks'],
  ...['source', 'log', 'line', 'uid', 'segment'],
];

/** The same as `rows.ts` and `days.ts` do it; of two first sightings at one moment the one that stands first is kept. */
const LAST = 'first + lasted';
const OTHERS_LAST = 'excluded.first + excluded.lasted';
const EARLIER = '(excluded.first, excluded.source, excluded.line) < (first, source, line)';
const sinceLast = (last: string): string => `(max(${LAST}, ${OTHERS_LAST}) / ${DAY} - (${last}) / ${DAY})`;
const UPSERT = `
  INSERT INTO sighting (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
  ON CONFLICT DO UPDATE SET
    first = min(first, excluded.first),
    lasted = max(${LAST}, ${OTHERS_LAST}) - min(first, excluded.first),
    sightings = sightings + excluded.sightings,
    bytes = bytes + excluded.bytes,
    days = ((days << ${sinceLast(LAST)}) | (excluded.days << ${sinceLast(OTHERS_LAST)})) & 0xffffffff,
    marks = (marks | excluded.marks) - (marks & excluded.marks),
    ${['source', 'log', 'line', 'uid'].map(column => `${column} = iif(${EARLIER}, excluded.${column}, ${column})`).join(', ')}`;

/** Between the values of a row, and between rows: in no value, because identifiers are freed of them. */
const FIELD = String.fromCharCode(31);
const RECORD = String.fromCharCode(30);
const plain = (uid: string): string =>
  [FIELD, RECORD].reduce((text, mark) => (text.includes(mark) ? text.replaceAll(mark, '\ufffd') : text), keepable(uid));

const LINES = `group_concat(${COLUMNS.filter(column => column !== 'segment')
  .map(column => (column === 'uid' ? "ifnull(uid, '')" : column))
  .join(' || char(31) || ')}, char(30))`;

/** Undefined for a trait that this version does not know. */
function rowIn(line: string, traitOf: ReadonlyMap<number, number>, names: Names): Row | undefined {
  const values = line.split(FIELD);
  const number = (column: number): number => Number(values[column]);
  const trait = traitOf.get(number(0));
  if (trait === undefined) return undefined;
  const first = number(6);
  return {
    trait,
    entity: names.addressOf(number(1)),
    peer: names.addressOf(number(2)),
    port: number(3),
    transport: names.symbolOf(number(4)),
    name: names.symbolOf(number(5)),
    first,
    last: first + number(7),
    count: number(8),
    bytes: number(9),
    days: number(10),
    marks: number(11),
    reference: {
      segment: number(12),
      log: names.symbolOf(number(13)),
      line: number(14),
      uid: values[15] === '' ? undefined : values[15],
    },
  };
}

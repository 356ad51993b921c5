import type { Symbols } from '../../kernel/symbols.ts';
import type { Address } from '../../value/address.ts';
import { joinInto } from '../../value/joined.ts';
import { add } from '../../value/sum.ts';
import { withoutNul } from '../../value/text.ts';
import { DAY } from '../../value/time.ts';
import { PackedRows, WORDS } from '../packed-rows.ts';
import { NONE, type Row, type RowKey, type RowReference, type Sightings } from '../row.ts';
import { lastingTraits, type Trait, traits, witnessOfTrait } from '../traits.ts';
import { type Database, SPANNING, type Value } from './database.ts';
import { createNames, type Names } from './names.ts';
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
  /** By this run: earlier ones have said so. */
  const forgotten = new Map<Address, number>();

  const idOf = ({ writer, sequence }: Segment): number | undefined =>
    database.number('SELECT id FROM segments WHERE writer = ? AND sequence = ?', writer, sequence);

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
      countable(row.count),
      countable(row.bytes),
      row.days,
      row.marks,
      reference.segment,
      names.numberOf(reference.log),
      reference.line,
      reference.uid === undefined ? null : withoutNul(reference.uid),
      segment,
    );
  };

  /** Where the first sighting of a row stands is looked up when it is asked for: that of most rows never is. */
  const referenceOf = ({ trait, entity, peer, port, transport, name }: RowKey): RowReference => {
    const key = [numbers[trait] ?? 0, names.numberOfAddress(entity), names.numberOfAddress(peer), port];
    const found = database.row(REFERENCE, ...key, names.numberOf(transport), names.numberOf(name));
    const [source, log, line, uid] = found ?? [];
    return {
      segment: Number(source ?? 0),
      log: names.symbolOf(Number(log ?? 0)),
      line: Number(line ?? 0),
      uid: uid === null || uid === undefined ? undefined : String(uid),
    };
  };

  /** Rows in great numbers: to fetch each value by itself takes several times as long as to parse a text. */
  const those = (where: string, ...values: readonly Value[]): PackedRows => {
    const rows = new PackedRows();
    rows.referenceOf = referenceOf;
    for (const [lines] of database.rows(`SELECT ${LINES} FROM sighting ${where} GROUP BY trait, host`, ...values)) {
      for (const line of JSON.parse(String(lines)) as Line[]) {
        const row = rowIn(line, traitOf, names);
        if (row) rows.push(row);
      }
    }
    return rows;
  };

  return {
    merge(segment, rows) {
      database.together(() => {
        for (const [entity, count] of rows.forgotten) joinInto(forgotten, entity, count, add);
        if (rows.size === 0 || idOf(segment) !== undefined) return;
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
      const same = 'trait = ? AND peer = ? AND port = ? AND transport = ? AND name = ?';
      return database.number(`SELECT count(*) FROM sighting WHERE ${same}`, ...key) ?? 0;
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
            ${SPANNING}`)(before);
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
    forgotten,
    close: () => database.close(),
  };
}

/** Strangers may write any number of bytes into a log. */
const countable = (count: number): number => Math.min(Math.max(0, Math.round(count)), Number.MAX_SAFE_INTEGER) || 0;

/** Traits have numbers of their own in each file: the program's own may change from version to version. */
function numberTraits(database: Database): readonly number[] {
  const numberOf = (trait: string): number | undefined =>
    database.number('SELECT id FROM traits WHERE name = ?', trait);
  const missing = traits.filter(trait => numberOf(trait) === undefined);
  if (!database.isReadOnly) for (const trait of missing) database.doing('INSERT INTO traits (name) VALUES (?)')(trait);
  return traits.map(trait => numberOf(trait) ?? 0);
}

/** Rows come in nearly as the table has them: to go back and forth in it takes two to three times as long. */
function* inKeyOrder(rows: PackedRows): Generator<Row> {
  const { words, size } = rows;
  const order = new Uint32Array(size).map((_, index) => index);
  const word = (index: number, place: number): number => words[index * WORDS + place] ?? 0;
  const [entity, peer, port, sort] = [0, 1, 2, 3];
  order.sort(
    (one, other) =>
      word(one, sort) - word(other, sort) ||
      word(one, entity) - word(other, entity) ||
      word(one, peer) - word(other, peer) ||
      word(one, port) - word(other, port),
  );
  for (const index of order) yield rows.at(index);
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
    sightings = min(sightings + excluded.sightings, ${Number.MAX_SAFE_INTEGER}),
    bytes = min(bytes + excluded.bytes, ${Number.MAX_SAFE_INTEGER}),
    days = ((days << ${sinceLast(LAST)}) | (excluded.days << ${sinceLast(OTHERS_LAST)})) & 0xffffffff,
    marks = (marks | excluded.marks) - (marks & excluded.marks),
    ${['source', 'log', 'line', 'uid'].map(column => `${column} = iif(${EARLIER}, excluded.${column}, ${column})`).join(', ')}`;

/** What tells rows apart, and what was counted of them. */
const LINES = `json_group_array(json_array(${COLUMNS.slice(0, 12).join()}))`;
type Line = readonly number[];

const REFERENCE = `SELECT source, log, line, uid FROM sighting
  WHERE trait = ? AND host = ? AND peer = ? AND port = ? AND transport = ? AND name = ?`;

/** Undefined for a trait that this version does not know. */
function rowIn(line: Line, traitOf: ReadonlyMap<number, number>, names: Names): Sightings | undefined {
  const [number = 0, host = 0, peer = 0, port = 0, transport = 0, name = 0, first = 0, lasted = 0] = line;
  const [count = 0, bytes = 0, days = 0, marks = 0] = line.slice(8);
  const trait = traitOf.get(number);
  if (trait === undefined) return undefined;
  return {
    trait,
    entity: names.addressOf(host),
    peer: names.addressOf(peer),
    port,
    transport: names.symbolOf(transport),
    name: names.symbolOf(name),
    ...{ first, last: first + lasted, count, bytes, days, marks },
  };
}

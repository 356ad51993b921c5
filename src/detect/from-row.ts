import type { Baseline } from '../baseline/baseline.ts';
import { NONE, type Row, type RowReference } from '../baseline/row.ts';
import type { Evidence, Parties, Reference, Sign } from '../finding/evidence.ts';
import type { Micros } from '../value/time.ts';

/** A sign that a row of the baseline shows. */
export const fromRow = (row: Row, parties: Parties, sign: Sign, { symbols }: Baseline): Evidence => ({
  sign,
  ...parties,
  first: row.first,
  last: row.last,
  count: row.count,
  references: [new RowsReference(row, symbols)],
});

/** Where a row's first sighting stands: a baseline that is kept looks it up, so that it is asked only where it is told. */
class RowsReference implements Reference {
  readonly time: Micros;
  private readonly row: Row;
  private readonly symbols: Baseline['symbols'];
  private found: RowReference | undefined;

  constructor(row: Row, symbols: Baseline['symbols']) {
    this.time = row.first;
    this.row = row;
    this.symbols = symbols;
  }

  get segment(): number {
    return this.reference.segment;
  }

  get log(): string {
    return this.symbols.text(this.reference.log);
  }

  get line(): number {
    return this.reference.line;
  }

  get uid(): string | undefined {
    return this.reference.uid;
  }

  private get reference(): RowReference {
    this.found ??= this.row.reference;
    return this.found;
  }
}

/** Who a row is about, where the entity is the one that began. */
export const partiesOf = (row: Row, { symbols }: Baseline): Parties => ({
  originator: row.entity,
  responder: row.peer === NONE ? undefined : row.peer,
  port: row.port === NONE ? undefined : row.port,
  transport: symbols.text(row.transport) || undefined,
});

import type { Baseline } from '../baseline/baseline.ts';
import { NONE, type Row } from '../baseline/row.ts';
import type { Evidence, Parties, Sign } from '../finding/evidence.ts';

/** A sign that a row of the baseline shows. */
export const fromRow = (row: Row, parties: Parties, sign: Sign, { symbols }: Baseline): Evidence => ({
  sign,
  ...parties,
  first: row.first,
  last: row.last,
  count: row.count,
  references: [
    {
      segment: row.reference.segment,
      log: symbols.text(row.reference.log),
      line: row.reference.line,
      time: row.first,
      uid: row.reference.uid,
    },
  ],
});

/** Who a row is about, where the entity is the one that began. */
export const partiesOf = (row: Row, { symbols }: Baseline): Parties => ({
  originator: row.entity,
  responder: row.peer === NONE ? undefined : row.peer,
  port: row.port === NONE ? undefined : row.port,
  transport: symbols.text(row.transport) || undefined,
});

import type { Address } from '../../value/address.ts';
import { PairMap } from '../../value/pair-map.ts';
import type { Row } from '../row.ts';
import { createRows } from '../rows.ts';
import { isOwnDoing, lastingTraits, traits, type Witness, witnessOfTrait } from '../traits.ts';
import { type BaselineStore, type Known, keyOf } from './store.ts';

/** A baseline for one run. `mostRows`: how many rows it may hold. */
export function createMemoryStore(mostRows?: number): BaselineStore {
  const all = createRows(mostRows);
  /** Where the rows stand that each segment made: new ones come at the end. */
  const claimed = new Map<string, { from: number; to: number }>();
  const known = new PairMap<Witness, Address, Known>();

  function* claims(segment: string): Generator<Row> {
    const { from, to } = claimed.get(segment) ?? { from: 0, to: 0 };
    for (let index = from; index < to; index++) yield all.at(index);
  }
  function* those(isMeant: (row: Row) => boolean): Generator<Row> {
    for (const row of all) if (isMeant(row)) yield row;
  }

  /** That it is known stays known. */
  const remember = ({ trait, entity, first, last, port }: Row): void => {
    const name = traits[trait];
    if (name === undefined || !isOwnDoing({ trait, port })) return;
    const witness = witnessOfTrait(name);
    const before = known.get(witness, entity) ?? { first, last };
    const span = { first: Math.min(before.first, first), last: Math.max(before.last, last) };
    known.set(witness, entity, { witness, entity, ...span });
  };

  return {
    merge(segment, rows) {
      const key = keyOf(segment);
      if (!claimed.has(key)) {
        const from = all.size;
        all.merge(rows);
        claimed.set(key, { from, to: all.size });
      }
      return { [Symbol.iterator]: () => claims(key) };
    },
    scan: () => all,
    lookup: entity => those(row => row.entity === entity),
    prevalence: ({ trait, peer, port, transport, name }) =>
      [
        ...those(
          row =>
            row.trait === trait &&
            row.peer === peer &&
            row.port === port &&
            row.transport === transport &&
            row.name === name,
        ),
      ].length,
    expire(before) {
      const isExpired = new Uint8Array(all.size);
      /** How many rows before each place are left. */
      const left = new Uint32Array(all.size + 1);
      for (let index = 0; index < all.size; index++) {
        const row = all.at(index);
        const trait = traits[row.trait];
        const isOver = row.last < before && trait !== undefined && !lastingTraits.includes(trait);
        if (isOver) remember(row);
        isExpired[index] = isOver ? 1 : 0;
        left[index + 1] = (left[index] ?? 0) + (isOver ? 0 : 1);
      }
      const count = all.size;
      all.leaveOut(isExpired);
      for (const range of claimed.values()) {
        range.from = left[range.from] ?? 0;
        range.to = left[range.to] ?? 0;
      }
      return count - all.size;
    },
    knownBefore: () => known.values(),
    forgotten: all.packed.forgotten,
    close() {},
  };
}

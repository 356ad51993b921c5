import type { Address } from '../value/address.ts';
import { inTextOrder } from '../value/order.ts';
import type { Row } from './row.ts';

/** Machines that one witness knows by name and another by address. */
export interface Identities {
  /** The address that a machine known by name opens most connections from. */
  addressOf(host: Address): Address | undefined;
  /** The machine, known by name, that has this address. */
  hostAt(address: Address): Address | undefined;
}

/** A machine's name, an address of it, and how often and since when it was seen to have that. */
export type Named = Pick<Row, 'entity' | 'peer' | 'count' | 'first'>;

/** From rows of the trait `address`, whose entity is the machine's name, and others like them. */
export function createIdentities(rows: readonly Named[], textOf: (address: Address) => string): Identities {
  /** The more frequent, then the earlier, then by the words: in no way by what was read first. */
  const isBetter = (row: Named, known: Named | undefined): boolean =>
    !known || (row.count - known.count || known.first - row.first || inTextOrder(nameOf(known), nameOf(row))) > 0;
  const nameOf = ({ entity, peer }: Named): string => `${textOf(entity)} ${textOf(peer)}`;

  const best = new Map<Address, Named>();
  for (const row of rows) if (isBetter(row, best.get(row.entity))) best.set(row.entity, row);
  const byAddress = new Map<Address, Named>();
  for (const row of best.values()) if (isBetter(row, byAddress.get(row.peer))) byAddress.set(row.peer, row);
  return {
    addressOf: host => best.get(host)?.peer,
    hostAt: address => byAddress.get(address)?.entity,
  };
}

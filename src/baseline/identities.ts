import type { Address } from '../value/address.ts';
import type { Row } from './row.ts';

/** Machines that one witness knows by name and another by address. */
export interface Identities {
  /** The address that a machine known by name opens most connections from. */
  addressOf(host: Address): Address | undefined;
  /** The machine, known by name, that has this address. */
  hostAt(address: Address): Address | undefined;
}

/** From rows of the trait `address`: entity the machine's name, peer an address of it. */
export function createIdentities(rows: readonly Row[]): Identities {
  const best = new Map<Address, Row>();
  for (const row of rows) {
    const known = best.get(row.entity);
    if (!known || row.count > known.count || (row.count === known.count && row.first < known.first))
      best.set(row.entity, row);
  }
  const byAddress = new Map<Address, Row>();
  for (const row of best.values()) {
    const known = byAddress.get(row.peer);
    if (!known || row.count > known.count) byAddress.set(row.peer, row);
  }
  return {
    addressOf: host => best.get(host)?.peer,
    hostAt: address => byAddress.get(address)?.entity,
  };
}

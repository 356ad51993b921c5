import { ABSENT, type SymbolId, type Symbols } from '../../kernel/symbols.ts';
import { type Address, IPV6_BASE, isIPv4 } from '../../value/address.ts';
import { madeAt } from '../../value/made-at.ts';
import { NONE } from '../row.ts';
import type { Database } from './database.ts';

/** Texts and addresses of a run, and the numbers by which a baseline's file has them. */
export interface Names {
  /** The file's number of a text, which is written there where it is new. */
  numberOf(symbol: SymbolId): number;
  symbolOf(number: number): SymbolId;
  /** The file's number of a text that it may have; undefined where it has not. */
  seek(symbol: SymbolId): number | undefined;
  seekAddress(address: Address): number | undefined;
  /** IPv4 as it is; NONE as it is; of everything else the negative number of its name, less one. */
  numberOfAddress(address: Address): number;
  addressOf(number: number): Address;
}

export function createNames(database: Database, symbols: Symbols): Names {
  const numbers: (number | undefined)[] = [0];
  const found = new Map<number, SymbolId>([[0, ABSENT]]);

  const seek = (symbol: SymbolId): number | undefined => {
    const known = numbers[symbol];
    if (known !== undefined) return known;
    const number = database.number('SELECT id FROM names WHERE name = ?', symbols.text(symbol));
    if (number !== undefined) numbers[symbol] = number;
    return number;
  };
  const numberOf = (symbol: SymbolId): number => {
    const known = seek(symbol);
    if (known !== undefined) return known;
    database.doing('INSERT INTO names (name) VALUES (?)')(symbols.text(symbol));
    return seek(symbol) ?? 0;
  };
  const symbolOf = (number: number): SymbolId =>
    madeAt(found, number, () => {
      const row = database.row('SELECT name FROM names WHERE id = ?', number);
      return symbols.of(String(row?.[0] ?? ''));
    });
  return {
    numberOf,
    symbolOf,
    seek,
    seekAddress(address) {
      if (address === NONE || isIPv4(address)) return address;
      const number = seek(address - IPV6_BASE);
      return number === undefined ? undefined : -1 - number;
    },
    numberOfAddress: address => (address === NONE || isIPv4(address) ? address : -1 - numberOf(address - IPV6_BASE)),
    addressOf: number => (number >= NONE ? number : IPV6_BASE + symbolOf(-1 - number)),
  };
}

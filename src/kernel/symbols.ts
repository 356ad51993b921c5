import { type Address, canonicalAddress, IPV6_BASE, ipv4Text, isIPv4, readIPv4 } from '../value/address.ts';
import { withoutNul } from '../value/text.ts';

/** A repeated text as a small number; 0 is "absent". Ids depend on reading order: sort and store by text. */
export type SymbolId = number;

export const ABSENT: SymbolId = 0;

/** One number for each distinct text that a run has seen, and back. */
export interface Symbols {
  readonly size: number;
  /** Whether there were more texts than there is room for: the later ones are one and the same. */
  readonly isFull: boolean;
  of(text: string): SymbolId;
  text(symbol: SymbolId): string;
  /** An IPv4 address as its bits, an IPv6 one by its canonical text, anything else undefined. */
  address(text: string): Address | undefined;
  /** A machine that we know by its name only (Sysmon's `Hostname`), in the number space of addresses. */
  hostOf(name: SymbolId): Address;
  addressText(address: Address): string;
}

/** A Map holds no more than 16 million. Whatever comes later has this one name. */
const MOST = 10_000_000;
const ONE_OF_TOO_MANY = '(one of too many names)';

/** `most`: how many texts there may be. */
export function createSymbols(most = MOST): Symbols {
  const texts: string[] = [''];
  const ids = new Map<string, SymbolId>();

  const of = (text: string): SymbolId => {
    const known = ids.get(text);
    if (known !== undefined) return known;
    // A slice keeps the chunk that it was cut from alive; a copy does not. Half a surrogate pair is no text of its own.
    const copy = withoutNul(Buffer.from(text).toString());
    const same = ids.get(copy);
    if (same !== undefined) return same;
    if (texts.length >= most && copy !== ONE_OF_TOO_MANY) return of(ONE_OF_TOO_MANY);
    ids.set(copy, texts.length);
    return texts.push(copy) - 1;
  };
  const text = (symbol: SymbolId): string => texts[symbol] ?? '';

  const addressOf = (written: string): Address | undefined => {
    const canonical = canonicalAddress(written);
    if (canonical === undefined) return undefined;
    return readIPv4(canonical) ?? IPV6_BASE + of(canonical);
  };
  const spellings = new Map<string, Address | undefined>();

  return {
    get size() {
      return texts.length;
    },
    get isFull() {
      return ids.has(ONE_OF_TOO_MANY);
    },
    of,
    text,
    address(written) {
      const quad = readIPv4(written);
      if (quad !== undefined) return quad;
      if (spellings.has(written)) return spellings.get(written);
      const address = addressOf(written);
      if (address !== undefined && spellings.size < most) spellings.set(written, address);
      return address;
    },
    hostOf: name => IPV6_BASE + name,
    addressText: address => (isIPv4(address) ? ipv4Text(address) : text(address - IPV6_BASE)),
  };
}

/** The symbol of a text that is mostly the same as the time before, and then is not looked up. */
export function createRecent(symbols: Symbols): (text: string | undefined) => SymbolId {
  let lastText: string | undefined;
  let last = ABSENT;
  return text => {
    if (text !== lastText) {
      last = text === undefined ? ABSENT : symbols.of(text);
      lastText = text;
    }
    return last;
  };
}

import type { Flow } from '../event/flow.ts';
import type { Symbols } from '../kernel/symbols.ts';
import { type Address, isIPv4, loopback, type Networks, privateNetworks } from '../value/address.ts';

/**
 * Which hosts are ours. What the user says counts (`--local-nets`); else what the sensor logged with its flows
 * (Zeek's `local_orig`, `local_resp`); else whether the address is private.
 */
export interface Locality {
  /** Final once everything has been read: until then a flow may still come that says otherwise. */
  isLocal(address: Address): boolean;
  /** Remembers what the sensor says of a flow's ends. */
  hear(flow: Flow): void;
  /** What a flow says of its ends; certain, whatever else will be read. */
  isOriginatorLocal(flow: Flow): boolean;
  isResponderLocal(flow: Flow): boolean;
  /** Whether an event without such a word surely comes from outside. */
  isInbound(originator: Address, responder: Address): boolean;
  /** Traffic of a machine with itself, which is on no wire. */
  isLoopback(address: Address): boolean;
  merge(other: Pick<Locality, 'declared'>): void;
  /** Hosts with the sensor's word for them. */
  readonly declared: ReadonlyMap<Address, boolean>;
}

export function createLocality(symbols: Symbols, given: Networks | undefined): Locality {
  const declared = new Map<Address, boolean>();

  const isIn = (networks: Networks, address: Address): boolean =>
    isIPv4(address) ? networks.hasIPv4(address) : networks.hasIPv6(symbols.addressText(address));
  const isPrivate = (address: Address): boolean => isIn(privateNetworks, address);

  const heard = createHeard();

  /** Only what differs from the address's own word is worth remembering; of two sensors the one that says "ours" counts. */
  const declare = (address: Address, isLocal: boolean): void => {
    if (declared.get(address) === isLocal) return;
    if (isLocal || (isPrivate(address) && !declared.has(address))) declared.set(address, isLocal);
  };

  const endOf = (address: Address, word: boolean | undefined): boolean =>
    given ? isIn(given, address) : (word ?? isPrivate(address));

  return {
    declared,
    isLocal: address => (given ? isIn(given, address) : (declared.get(address) ?? isPrivate(address))),
    hear({ originator, responder, localOriginator, localResponder }) {
      if (given) return;
      if (localOriginator !== undefined && heard.isNew(originator, localOriginator))
        declare(originator, localOriginator);
      if (localResponder !== undefined && heard.isNew(responder, localResponder)) declare(responder, localResponder);
    },
    isOriginatorLocal: flow => endOf(flow.originator, flow.localOriginator),
    isResponderLocal: flow => endOf(flow.responder, flow.localResponder),
    isInbound(originator, responder) {
      const networks = given ?? privateNetworks;
      return isIn(networks, responder) && !isIn(networks, originator);
    },
    isLoopback: address => isIn(loopback, address),
    merge(other) {
      for (const [address, isLocal] of other.declared) declare(address, isLocal);
    },
  };
}

/** What a sensor says of an address it says a thousand times: what was heard lately need not be looked up again. */
function createHeard() {
  const words = new Float64Array(HEARD).fill(Number.NaN);
  return {
    isNew(address: Address, isLocal: boolean): boolean {
      const word = isLocal ? -1 - address : address;
      const place = Math.imul(address | 0, 0x9e3779b1) >>> HEARD_SHIFT;
      if (words[place] === word) return false;
      words[place] = word;
      return true;
    },
  };
}

const HEARD = 1 << 12;
const HEARD_SHIFT = 32 - 12;

import { NONE, type Row } from '../baseline/row.ts';
import type { Symbols } from '../kernel/symbols.ts';
import type { Address } from '../value/address.ts';
import { isAtLeast } from '../value/level.ts';
import { PairMap } from '../value/pair-map.ts';
import type { Draft } from './findings.ts';

/** A port that more hosts use, of whom nothing odd is known, is normal whatever the others do there. */
const FEW = 5;

/**
 * Whether others do what is suspect, and hardly anybody else: only then does it matter to them. To hold everybody against
 * what is left takes as long as to hold them against all.
 */
export function isCatching(talkers: readonly Row[], isSuspect: (row: Row) => boolean): boolean {
  const ports = new PairMap<number, number, { readonly suspect: Set<Address>; readonly others: Set<Address> }>();
  const suspects = talkers.filter(isSuspect);
  for (const { port, transport, entity } of suspects)
    ports.at(port, transport, () => ({ suspect: new Set(), others: new Set() })).suspect.add(entity);
  for (const { port, transport, entity } of talkers) {
    const hosts = ports.get(port, transport);
    if (hosts && !hosts.suspect.has(entity)) hosts.others.add(entity);
  }
  return [...ports.values()].some(({ suspect, others }) => suspect.size + others.size > 1 && others.size <= FEW);
}

/**
 * What findings of level high or above are about: whom a host deals with there, on which port. It is nobody's normal,
 * however often it was seen, until somebody says that it is benign. Undefined where there is nothing of the kind.
 */
export function suspectsIn(
  drafts: readonly Draft[],
  symbols: Symbols,
  benign: ReadonlySet<string>,
): ((row: Row) => boolean) | undefined {
  const suspects = new PairMap<Address, Address, Set<number>>();
  let isAny = false;
  for (const { id, level, written } of drafts) {
    if (!isAtLeast(level, 'high') || benign.has(id)) continue;
    const { oddtalk } = written();
    const { host, peer, port } = oddtalk.key;
    if (peer === undefined) continue;
    const other = symbols.address(String(peer));
    for (const each of host === undefined ? (oddtalk.hosts ?? []) : [String(host)]) {
      const entity = symbols.address(each);
      if (entity === undefined || other === undefined) continue;
      suspects.at(entity, other, () => new Set()).add(port === undefined ? NONE : Number(port));
      isAny = true;
    }
  }
  return isAny ? ({ entity, peer, port }) => suspects.get(entity, peer)?.has(port) ?? false : undefined;
}

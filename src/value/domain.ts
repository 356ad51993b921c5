import { getDomain, parse } from 'tldts';
import { madeAt } from './made-at.ts';

/**
 * The part of a name that somebody registered (eTLD+1 of the Public Suffix List, private section included, so that
 * two customers of one hosting company stay apart). Undefined for addresses, single labels, reverse lookups and
 * names that never leave the link.
 */
export const registeredDomain = (name: string): string | undefined =>
  madeAt(known, name, () => domainOf(name), MOST_KNOWN);

/** Names repeat in bursts, and the list is slow to search; a tunnel's names do not repeat and must not pile up. */
const known = new Map<string, string | undefined>();
const MOST_KNOWN = 20_000;

function domainOf(name: string): string | undefined {
  const plain = name.replace(/\.$/, '').toLowerCase();
  if (plain.endsWith('.arpa') || plain.endsWith('.local') || !plain.includes('.')) return undefined;
  return getDomain(plain, { allowPrivateDomains: true, validateHostname: false }) ?? undefined;
}

/** Whether a name is one of some domains, or lies below one. */
export function isBelow(name: string, domains: ReadonlySet<string>): boolean {
  if (domains.size === 0) return false;
  for (let rest = name; rest !== ''; rest = rest.includes('.') ? rest.slice(rest.indexOf('.') + 1) : '')
    if (domains.has(rest)) return true;
  return false;
}

/** Whether it ends as names of the internet do, and not as those of a home or a company (`.lan`, `.corp`). */
export function isPublic(name: string): boolean {
  const { isIcann, isPrivate } = parse(name, { allowPrivateDomains: true, validateHostname: false });
  return isIcann === true || isPrivate === true;
}

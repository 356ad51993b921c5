import type { Baseline } from '../baseline/baseline.ts';
import type { Row } from '../baseline/row.ts';
import { partsOf } from '../baseline/traits.ts';
import { type Evidence, onlyHost } from '../finding/evidence.ts';
import type { Address } from '../value/address.ts';
import { listAt, madeAt } from '../value/made-at.ts';
import { inTextOrder } from '../value/order.ts';
import { duration, number, oneOf, words } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow } from './from-row.ts';

/** One host, one registered domain, and who vouched for it. */
interface Voucher {
  readonly host: Address;
  readonly domain: string;
  readonly issuer: string;
  readonly row: Row;
}

/**
 * What certificates tell of TLS inspection: an authority that vouches for most of the internet is the company's own, so that
 * whoever is shown another one escapes it; and a server's authority does not change from one day to the next.
 */
export const inspection = defineDetector({
  name: 'inspection',
  needs: { tls: ['issuer', 'serverName'], certificate: ['issuer'] },
  options: {
    sees: oneOf(['escape', 'issuer-change'], 'escape'),
    /** An authority that vouches for so many registered domains, and for this share of all that were met, inspects. */
    least_domains: number(20, { least: 2, unit: 'registered domains' }),
    share: number(0.5, { most: 1 }),
    /** Parts of the names of authorities that vouch for anybody. */
    public_authorities: words(),
    /** How long a domain's authorities are learnt. */
    grace: duration('1d'),
  },

  *conclude(baseline, { sees, least_domains, share, grace, public_authorities }) {
    const vouchers = baseline.rows('issuer').flatMap((row): readonly Voucher[] => {
      const [domain, who] = partsOf(baseline.symbols.text(row.name));
      const issuer = baseline.certificates.issuerOf(who);
      return issuer === undefined ? [] : [{ host: row.entity, domain, issuer: organisationIn(issuer), row }];
    });
    const domainsOf = new Map<string, Set<string>>();
    for (const { issuer, domain } of vouchers) madeAt(domainsOf, issuer, () => new Set()).add(domain);
    const domains = new Set(vouchers.map(({ domain }) => domain)).size;
    const inspects = (issuer: string): boolean => {
      const many = domainsOf.get(issuer)?.size ?? 0;
      return many >= least_domains && many >= share * domains;
    };
    // Of several that vouch for most the one that does for most of all; public authorities inspect nobody.
    const [own] = [...domainsOf.keys()]
      .filter(issuer => inspects(issuer) && ![...public_authorities].some(name => issuer.includes(name)))
      .sort(
        (one, other) => (domainsOf.get(other)?.size ?? 0) - (domainsOf.get(one)?.size ?? 0) || inTextOrder(one, other),
      );
    if (sees === 'escape') {
      if (own !== undefined) yield* escapes(vouchers, own, baseline);
    } else yield* changes(vouchers, own, grace, baseline);
  },
});

/** Who is inspected everywhere else, and not here. */
function* escapes(vouchers: readonly Voucher[], own: string, baseline: Baseline): Iterable<Evidence> {
  const inspected = new Set(vouchers.filter(({ issuer }) => issuer === own).map(({ host }) => host));
  const covered = new Set(vouchers.filter(({ issuer }) => issuer === own).map(({ domain }) => domain));
  for (const { host, domain, issuer, row } of vouchers) {
    // What is inspected for nobody is left out on purpose.
    if (issuer === own || !covered.has(domain)) continue;
    const summary = inspected.has(host)
      ? `is shown a certificate of ${shortened(issuer, 40)} for ${domain}, which ${shortened(own, 40)} inspects for others`
      : `is shown certificates that ${shortened(own, 40)} does not inspect, as it does for others`;
    yield fromRow(row, onlyHost(host), { summary, aspect: inspected.has(host) ? domain : 'everything' }, baseline);
  }
}

/** Of a domain that had one authority for long, another one, and the first one no more. */
function* changes(
  vouchers: readonly Voucher[],
  own: string | undefined,
  grace: number,
  baseline: Baseline,
): Iterable<Evidence> {
  const byDomain = new Map<string, Voucher[]>();
  for (const voucher of vouchers) listAt(byDomain, voucher.domain).push(voucher);
  for (const [domain, all] of byDomain) {
    const begun = all.reduce((least, { row }) => Math.min(least, row.first), Number.POSITIVE_INFINITY);
    const known = new Set(all.filter(({ row }) => row.first <= begun + grace).map(({ issuer }) => issuer));
    for (const { host, issuer, row } of all) {
      const [before = ''] = known;
      if (known.has(issuer) || known.size !== 1 || issuer === own || before === own) continue;
      const isStillShown = all.some(other => other.issuer === before && other.row.last >= row.first);
      if (isStillShown) continue;
      const summary = `${shortened(issuer, 40)} vouches for ${domain}, as ${shortened(before, 40)} did before`;
      yield fromRow(row, onlyHost(host), { summary, aspect: domain }, baseline);
    }
  }
}

/** `O=Let's Encrypt` of an issuer: authorities have many names, and change them by the year. */
const organisationIn = (issuer: string): string =>
  // Zeek escapes commas, and Suricata does not: what comes before the first one will do.
  /(?:^|[,/])\s*O=([^,/\\]+)/.exec(issuer)?.[1] ?? issuer;

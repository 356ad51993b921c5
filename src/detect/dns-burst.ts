import type { Baseline } from '../baseline/baseline.ts';
import type { Dns } from '../event/dns.ts';
import type { Sign } from '../finding/evidence.ts';
import type { Address } from '../value/address.ts';
import { countOf, EXACT } from '../value/distinct.ts';
import { isBelow, isPublic, registeredDomain } from '../value/domain.ts';
import { durationText } from '../value/duration.ts';
import { number, oneOf, stretch, words } from '../value/reader.ts';
import { counted } from '../value/text.ts';
import { beginningOf } from '../value/time.ts';
import { defineDetector } from './detector.ts';

/** Many different names within a day: below one domain, as a tunnel asks for them; or of domains that nobody has, as malware looks for its master. */
export const dnsBurst = defineDetector({
  name: 'dns-burst',
  needs: { dns: [] },
  options: {
    counts: oneOf(['subdomains', 'missing-domains'], 'subdomains'),
    /** How many different ones within the window are told of. */
    least: number(100, { least: 2, most: 5000, unit: 'different names or domains' }),
    window: stretch('1d'),
    /** Characters before the registered domain, from which on a name counts as one that carries something. */
    least_prefix: number(20, { most: 253, unit: 'characters' }),
    /** Registered domains that are asked for in this way: block lists, reputation services. */
    quiet_domains: words(),
  },
  needsFor: ({ counts }) => ({ dns: counts === 'subdomains' ? ['query'] : ['name', 'responseCode'] }),

  detect(event, { counts, window, least_prefix, quiet_domains }) {
    const about = counts === 'subdomains' ? subdomainIn(event, least_prefix) : missingIn(event);
    if (!about || isBelow(about.domain, quiet_domains)) return undefined;
    return { ...about.sign, about: 'originator', isOwnDoing: true, window: beginningOf(event.time, window) };
  },

  settle({ originator, sign, items = [] }, { counts, least, window }, baseline) {
    const many = countOf(items);
    if (many < least || originator === undefined || !baseline.isLocal(originator)) return false;
    // A resolver asks for everybody: what its clients ask for is told of them.
    if (resolves(originator, baseline)) return false;
    const what =
      counts === 'subdomains'
        ? `${counted(many, 'different long name')} below ${sign.aspect}`
        : `${counted(many, 'registered domain')} that do not exist`;
    return { ...sign, summary: `asks for ${many > EXACT ? 'about ' : ''}${what} within ${durationText(window)} (DNS)` };
  },
});

/** Whether a host answers questions of DNS itself. */
const resolves = (host: Address, baseline: Baseline): boolean =>
  baseline.rows('listener').some(({ entity, port }) => entity === host && port === DNS) ||
  baseline.rows('spoken').some(({ peer, port }) => peer === host && port === DNS);

const DNS = 53;

interface About {
  readonly domain: string;
  readonly sign: Sign;
}

function subdomainIn({ query }: Dns, leastPrefix: number): About | undefined {
  if (query === undefined || query.length <= leastPrefix) return undefined;
  const domain = registeredDomain(query);
  if (domain === undefined || query.length - domain.length - 1 < leastPrefix) return undefined;
  return { domain, sign: { summary: 'long names below one domain', aspect: domain, item: query.toLowerCase() } };
}

function missingIn({ name, responseCode }: Dns): About | undefined {
  if (responseCode !== 'NXDOMAIN' || name === undefined) return undefined;
  const domain = registeredDomain(name);
  return domain === undefined || !isPublic(domain)
    ? undefined
    : { domain, sign: { summary: 'names that do not exist', aspect: 'missing', item: domain } };
}

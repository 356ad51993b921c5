import { isBelow, isPublic, registeredDomain } from '../value/domain.ts';
import { number, oneOf, words } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** Answers that a name on the internet should not have: an address of a private network, or a text that carries something. */
export const dnsAnswer = defineDetector({
  name: 'dns-answer',
  needs: { dns: ['name'] },
  options: {
    sees: oneOf(['private-address', 'long-text'], 'private-address'),
    /** Of the longest record of an answer of type TXT: from so many on it is told of. */
    longest_text: number(200, { least: 1, unit: 'characters' }),
    /** base64 comes near 6, English near 4. */
    least_entropy: number(4.8, { most: 8, unit: 'bits a character' }),
    /** Registered domains, and all below, of which that is known. */
    quiet_domains: words(),
  },
  needsFor: ({ sees }) => ({ dns: ['name', sees === 'long-text' ? 'answers' : 'hasPrivateAnswer'] }),

  detect(event, { sees, longest_text, least_entropy, quiet_domains }) {
    const { name, queryType } = event;
    if (name === undefined) return undefined;
    if (sees === 'private-address' ? !event.hasPrivateAnswer : queryType !== 'TXT') return undefined;
    const domain = registeredDomain(name);
    if (domain === undefined || isBelow(domain, quiet_domains)) return undefined;
    if (sees === 'private-address' && !isPublic(domain)) return undefined;
    if (sees === 'private-address')
      return {
        summary: `a name of the internet (${domain}) that stands for an address of a private network`,
        aspect: domain,
      };
    const longest = (event.answers ?? '')
      .split(',')
      .reduce((most, text) => (text.length > most.length ? text : most), '');
    const isLong = longest.length >= longest_text && !KNOWN.test(longest);
    return isLong && (isHexadecimal(longest) || entropyOf(longest) >= least_entropy)
      ? { summary: `a text of ${longest_text} characters or more in an answer of DNS, for ${domain}`, aspect: domain }
      : undefined;
  },
});

/** What long texts are for: mail policies and keys, ownership of a domain. */
const KNOWN = /^(?:TXT \d+ )?"?(?:v=(?:spf1|DKIM1|DMARC1|STSv1|TLSRPTv1)|[\w-]*site-verification|k=rsa|p=MI)/i;

const isHexadecimal = (text: string): boolean => /^(?:TXT \d+ )?"?[0-9a-f]+"?$/i.test(text);

/** Shannon's, in bits a character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

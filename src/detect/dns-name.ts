import { registeredDomain } from '../value/domain.ts';
import { number, ports } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** Names that people and programs do not ask for: too long, too deep, or of bytes that no host name has. */
export const dnsName = defineDetector({
  name: 'dns-name',
  needs: { dns: ['query'] },
  options: {
    /** Of 253 that RFC 1035 section 2.3.4 allows. */
    longest_name: number(120, { least: 1, most: 253, unit: 'characters' }),
    /** Of 63. */
    longest_label: number(52, { least: 1, most: 63, unit: 'characters' }),
    most_labels: number(10, { least: 1, most: 127, unit: 'labels' }),
    /** Multicast DNS, LLMNR and NetBIOS have names of their own kind. */
    quiet_ports: ports(),
  },

  detect({ query, responderPort }, { longest_name, longest_label, most_labels, quiet_ports }) {
    if (query === undefined || (responderPort !== undefined && quiet_ports.has(responderPort))) return undefined;
    if (query.length <= Math.min(longest_label, longest_name) && isPlain(query, most_labels)) return undefined;
    if (/\.(arpa|local)\.?$/i.test(query)) return undefined;
    const labels = query.replace(/\.$/, '').split('.');
    const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
    const aspect = registeredDomain(query) ?? 'no registered domain';
    const name = `the name ${shortened(query, 60)}`;

    if (!isHostName(query))
      return { summary: `a DNS question for ${name}, which holds bytes that host names do not have`, aspect };
    if (longest > longest_label)
      return { summary: `a DNS question for ${name}, with a label of ${longest} characters`, aspect };
    if (query.length > longest_name)
      return { summary: `a DNS question for ${name}, ${query.length} characters long`, aspect };
    if (labels.length > most_labels)
      return { summary: `a DNS question for ${name}, ${labels.length} labels deep`, aspect };
    return undefined;
  },
});

/** Nearly all names are: this is only the shortest way to say so. */
function isPlain(name: string, mostLabels: number): boolean {
  let labels = 1;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code === DOT) labels++;
    else if (!isLetterOrDigit(code) && (at === 0 || code !== HYPHEN)) return false;
  }
  return labels <= mostLabels;
}

const DOT = 46;
const HYPHEN = 45;

const isLetterOrDigit = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);

/** Letters, digits and hyphens (RFC 1123), underscores of services (RFC 8552), a leading wildcard; UTF-8 as some resolvers show it. */
const isHostName = (name: string): boolean => /^(\*\.)?[\p{L}\p{M}\p{N}_-][\p{L}\p{M}\p{N}_./-]*$|^\.?$/u.test(name);

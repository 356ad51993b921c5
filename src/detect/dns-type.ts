import { levelByPattern, ports } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** Questions of a type that hardly any program asks for. */
export const dnsType = defineDetector({
  name: 'dns-type',
  needs: { dns: ['queryType', 'query'] },
  options: {
    /** Types by how much they matter, as the sensors spell them. */
    types: levelByPattern(),
    quiet_ports: ports(),
  },

  detect({ query, queryType, responderPort }, { types, quiet_ports }) {
    if (queryType === undefined || query === undefined) return undefined;
    const level = types(queryType);
    if (level === undefined || (responderPort !== undefined && quiet_ports.has(responderPort))) return undefined;
    return { summary: `a DNS question of type ${queryType}`, aspect: queryType, level };
  },
});

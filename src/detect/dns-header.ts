import { numbers } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** DNS messages whose header holds what no RFC has assigned, or what nobody sends any more. */
export const dnsHeader = defineDetector({
  name: 'dns-header',
  needs: { dns: ['reservedBit'] },
  options: {
    /** RFC 1035, 1996, 2136, 8490: query, notify, update, stateful operations. */
    opcodes: numbers([0, 4, 5, 6]),
    /** The internet, and what mDNS makes of it by setting the top bit (RFC 6762 section 5.4); NONE and ANY (RFC 2136). */
    classes: numbers([1, 254, 255, 32769]),
  },

  detect({ reservedBit, opcode, queryClass, query }, { opcodes, classes }) {
    if (reservedBit === true)
      return { summary: 'a DNS message with the reserved header bit (Z) set', aspect: 'reserved bit' };
    if (opcode !== undefined && !opcodes.has(opcode)) {
      return { summary: `a DNS message with opcode ${opcode}, which nobody uses`, aspect: `opcode ${opcode}` };
    }
    if (queryClass !== undefined && query !== undefined && !classes.has(queryClass)) {
      return { summary: `a DNS question of class ${queryClass} instead of 1 (IN)`, aspect: `class ${queryClass}` };
    }
    return undefined;
  },
});

import { numbers, ports } from '../value/reader.ts';
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
    /** Multicast DNS, LLMNR and NetBIOS (RFC 1002 section 4.2.1.1) have operations of their own. */
    quiet_ports: ports(),
  },

  detect({ reservedBit, opcode, queryClass, query, responderPort }, { opcodes, classes, quiet_ports }) {
    if (responderPort !== undefined && quiet_ports.has(responderPort)) return undefined;
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

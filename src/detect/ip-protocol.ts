import { isMulticast } from '../value/address.ts';
import { words } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

/** Something other than TCP, UDP and ICMP straight upon IP. */
export const ipProtocol = defineDetector({
  name: 'ip-protocol',
  needs: { flow: ['transport'] },
  options: {
    /** As sensors name them, in lower case, or by IANA's number. */
    usual: words(['tcp', 'udp', 'icmp']),
  },

  detect(event, { usual }) {
    const { transport } = event;
    if (transport === undefined || usual.has(transport)) return undefined;
    const name = transport === UNNAMED ? event.ipProtocol : transport.toUpperCase();
    if (usual.has(`${name}`)) return undefined;
    const which =
      name === undefined
        ? 'an IP protocol that the sensor does not name'
        : `the IP protocol ${name}, which is hardly ever spoken`;
    return { summary: which, aspect: `${name ?? transport}` };
  },

  // Routers speak to their like on the link.
  settle: ({ responder }, _, { symbols }) => responder === undefined || !isMulticast(symbols.addressText(responder)),
});

/** Zeek's word for what it has no parser for. */
const UNNAMED = 'unknown_transport';

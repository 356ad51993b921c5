import type { Http } from '../event/http.ts';
import type { Sign } from '../finding/evidence.ts';
import { addressInHost } from '../value/address.ts';
import { ports, words } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** Whom a request of HTTP is for (RFC 9110 section 7.2): nobody, an address outside, or another port than it goes to. */
export const httpHost = defineDetector({
  name: 'http-host',
  needs: { http: ['host'] },
  options: {
    /** Ports of protocols that are made of HTTP requests and have no hosts, such as UPnP. */
    quiet_ports: ports(),
    /** Addresses that everybody asks by their number, such as a cloud's own services. */
    quiet_addresses: words(),
  },

  detect(request, { quiet_ports, quiet_addresses }): Sign | undefined {
    const { method, host, responderPort, hostPort } = request;
    if (method === undefined || method === 'CONNECT') return undefined;
    if (responderPort !== undefined && quiet_ports.has(responderPort)) return undefined;
    if (!host) return missing(request);
    const isOther = hostPort !== undefined && responderPort !== undefined && hostPort !== responderPort;
    // Who asks a proxy names the server in full (RFC 9112 section 3.2.2).
    if (isOther && !/^\w+:\/\//.test(request.path ?? ''))
      return {
        summary: `an HTTP request for port ${hostPort} that went to port ${responderPort}`,
        aspect: 'other port',
      };
    const address = addressInHost(host);
    return address === undefined || quiet_addresses.has(address)
      ? undefined
      : {
          summary: `an HTTP request that names its server by the address ${shortened(address, 40)}`,
          aspect: 'address',
        };
  },

  // Inside a network that is how machines talk.
  settle: ({ responder, sign }, _, baseline) =>
    sign.aspect !== 'address' || responder === undefined || !baseline.isLocal(responder),
});

/** RFC 9112 section 3.2; HTTP/1.0 needs none, and what Zeek logs is the version of the reply, so that it cannot tell. */
const missing = ({ requestVersion }: Http): Sign | undefined =>
  requestVersion === '1.1' ? { summary: 'an HTTP/1.1 request without a Host', aspect: 'missing' } : undefined;

import type { Http } from '../event/http.ts';
import type { Sign } from '../finding/evidence.ts';
import { oneOf, ports, words } from '../value/reader.ts';
import { defineDetector } from './detector.ts';

const uses = ['connect', 'credentials', 'body'] as const;

/** What HTTP can do and hardly ever should: tunnel to any port, tell a password to everybody, send with a method that asks. */
export const httpUse = defineDetector({
  name: 'http-use',
  needs: { http: ['method'] },
  options: {
    sees: oneOf(uses, 'connect'),
    /** To which ports a proxy may connect. */
    connect_ports: ports(),
    /** Methods that only ask (RFC 9110 section 9.3.1): a body has no meaning in them. */
    asking: words(['GET', 'HEAD', 'DELETE', 'TRACE']),
  },
  needsFor: ({ sees }) => ({ http: [fieldOf[sees]] }),

  detect: (event, { sees, connect_ports, asking }) => {
    switch (sees) {
      case 'connect':
        return connects(event, connect_ports);
      case 'credentials':
        return event.hasCredentials
          ? { summary: 'a name and a password that anybody on the way can read (HTTP Basic)', aspect: 'basic' }
          : undefined;
      case 'body':
        return event.hasBody && event.method !== undefined && asking.has(event.method)
          ? { summary: `an HTTP ${event.method} request that has a body`, aspect: event.method }
          : undefined;
    }
  },

  // Inside a network printers and cameras know nothing better.
  settle: ({ originator, responder }, { sees }, baseline) =>
    sees !== 'credentials' || [originator, responder].some(end => end === undefined || !baseline.isLocal(end)),
});

const fieldOf = { connect: 'path', credentials: 'hasCredentials', body: 'hasBody' } as const;

function connects(event: Http, allowed: { has(port: number): boolean }): Sign | undefined {
  if (event.method !== 'CONNECT') return undefined;
  const port = Number(/:(\d{1,5})$/.exec(event.path ?? '')?.[1] ?? event.hostPort);
  if (Number.isNaN(port) || allowed.has(port)) return undefined;
  return { summary: `a proxy is asked to connect to port ${port} (HTTP CONNECT)`, aspect: `port ${port}` };
}

import type { Http } from '../event/http.ts';
import type { Sign } from '../finding/evidence.ts';
import { words } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** HTTP requests that no client which follows RFC 9110 and 9112 sends. */
export const httpRequest = defineDetector({
  name: 'http-request',
  needs: { http: ['method'] },
  options: {
    methods: words(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']),
    versions: words(['1.0', '1.1', '2', '2.0', '3']),
  },

  detect(request, { methods, versions }) {
    // Without a method only the reply was seen, and a reply says nothing about the request.
    if (request.method === undefined) return undefined;
    for (const { aspect, level, of } of oddities) {
      const summary = of(request, { methods, versions });
      if (summary !== undefined) return { summary, aspect, level };
    }
    return undefined;
  },
});

interface Known {
  readonly methods: ReadonlySet<string>;
  readonly versions: ReadonlySet<string>;
}

interface Oddity {
  readonly aspect: string;
  readonly level: NonNullable<Sign['level']>;
  of(request: Http, known: Known): string | undefined;
}

/** The gravest first: a request is counted once. */
const oddities: readonly Oddity[] = [
  {
    aspect: 'method',
    level: 'medium',
    of: ({ method = '' }, { methods }) =>
      methods.has(method) ? undefined : `an HTTP request with the method ${shortened(method, 30)}`,
  },
  {
    aspect: 'version',
    level: 'medium',
    of: ({ version }, { versions }) =>
      version === undefined || versions.has(version) ? undefined : `HTTP of version ${shortened(version, 20)}`,
  },
  {
    aspect: 'target',
    level: 'low',
    of: ({ target }) =>
      target !== undefined && hasForbidden(target)
        ? 'an HTTP request whose target holds raw blanks or control characters'
        : undefined,
  },
  {
    aspect: 'host characters',
    level: 'low',
    of: ({ host }) =>
      host === undefined || /^[\w.:[\]%~!$&'()*+,;=-]*$/.test(host)
        ? undefined
        : `an HTTP request with the Host ${shortened(host, 40)}`,
  },
];

const hasForbidden = (target: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  /[\u0000-\u0020\u007f]/.test(target);

import { addressInHost } from '../value/address.ts';
import { words } from '../value/reader.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** A program that comes under the name of something else, or from a server without a name. */
export const httpContent = defineDetector({
  name: 'http-content',
  needs: { http: ['contentType', 'path'] },
  options: {
    /** Content types of programs. */
    programs: words([
      'application/x-dosexec',
      'application/x-msdownload',
      'application/x-executable',
      'application/x-elf',
      'application/x-sharedlib',
      'application/x-mach-o-executable',
      'application/vnd.microsoft.portable-executable',
    ]),
    /** Endings of what is no program. */
    harmless: words([
      'jpg',
      'jpeg',
      'png',
      'gif',
      'ico',
      'css',
      'txt',
      'html',
      'htm',
      'xml',
      'json',
      'pdf',
      'svg',
      'woff',
      'mp3',
      'mp4',
    ]),
  },

  detect(event, { programs, harmless }) {
    const { contentType, host } = event;
    if (contentType === undefined || !programs.has(contentType)) return undefined;
    const { path } = event;
    const ending = /\.([a-z0-9]{1,5})$/i.exec(path?.split(/[?#;]/, 1)[0] ?? '')?.[1]?.toLowerCase();
    if (ending !== undefined && harmless.has(ending))
      return {
        summary: `a program (${contentType}) that comes as ${shortened(`.${ending}`, 10)}`,
        aspect: 'other ending',
      };
    if (host && addressInHost(host) !== undefined)
      return {
        summary: `a program (${contentType}) from a server without a name`,
        aspect: 'from an address',
        level: 'low',
      };
    return undefined;
  },

  // Inside a network many servers have no name.
  settle: ({ sign, responder }, _, baseline) =>
    sign.aspect !== 'from an address' || responder === undefined || !baseline.isLocal(responder),
});

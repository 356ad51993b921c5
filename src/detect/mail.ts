import type { Sign } from '../finding/evidence.ts';
import { isAddress } from '../value/address.ts';
import { shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';

/** How a client of SMTP greets (RFC 5321 section 4.1.1.1), and whom it writes for. */
export const mail = defineDetector({
  name: 'mail',
  needs: { mail: ['helo'] },
  options: {},

  detect({ helo, sender }): Sign | undefined {
    if (helo !== undefined && helo !== '') {
      if (isAddress(helo))
        return {
          summary: `greets the mail server as ${helo}, an address without its brackets`,
          aspect: 'helo address',
        };
      if (!/^[\w.-]+$|^\[[\w.:]+\]$/.test(helo))
        return { summary: `greets the mail server as ${shortened(helo, 40)}, which is no name`, aspect: 'helo bytes' };
    }
    if (
      sender !== undefined &&
      sender !== '' &&
      sender !== '<>' &&
      !/@/.test(sender) &&
      !/^<?(postmaster|root)>?$/i.test(sender)
    )
      return { summary: `writes mail for ${shortened(sender, 40)}, which is no address`, aspect: 'sender' };
    return undefined;
  },

  // Printers and scripts of ours greet as they like; a server outside should know better, and so should who writes to it.
  settle: ({ originator, responder, sign }, _, baseline) =>
    !/^(helo|sender)/.test(sign.aspect ?? '') ||
    originator === undefined ||
    responder === undefined ||
    !baseline.isLocal(originator) ||
    !baseline.isLocal(responder),
});

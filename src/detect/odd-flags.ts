import { defineDetector } from './detector.ts';

/** TCP flags that no stack following RFC 9293 sends together. */
export const oddFlags = defineDetector({
  name: 'odd-flags',
  needs: { flow: ['oddFlags'] },
  fooledBy: ['one side only', 'bad checksums'],
  options: {},

  detect({ oddFlags }) {
    return oddFlags === undefined ? undefined : { summary: `a TCP packet with ${oddFlags}`, aspect: oddFlags };
  },
});

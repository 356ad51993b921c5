import { number } from '../value/reader.ts';
import { bytesText } from '../value/text.ts';
import { dayOf } from '../value/time.ts';
import { defineDetector } from './detector.ts';

/** A host sends out more in one flow than it was likely to. */
export const largeUpload = defineDetector({
  name: 'large-upload',
  needs: { flow: ['uploaded'] },
  options: {
    /** MiB of one flow, below which nobody is told. */
    least_mebibytes: number(64, { least: 8, unit: 'MiB' }),
    /** The chance of so much, up to which it is told of. */
    surprise: number(0.01, { most: 1 }),
    /** How many times more than came back. */
    ratio: number(10, { least: 1 }),
  },
  unready: (_, baseline) => baseline.tooShort('upload'),

  detect(flow, { least_mebibytes, ratio }) {
    // What is far less is seen by its magnitude, without reading how much it was.
    if (flow.uploaded === 0 || 2 ** (flow.uploaded + 1) <= least_mebibytes * 2 ** 20) return undefined;
    const { originatorBytes: sent, responderBytes: got } = flow;
    if (sent < least_mebibytes * 2 ** 20 || sent < ratio * got) return undefined;
    return { summary: `sends ${bytesText(sent)} out in one flow`, aspect: `${2 ** flow.uploaded / 2 ** 20} MiB` };
  },

  settle({ originator, responder, sign, first }, { surprise }, baseline) {
    if (responder === undefined || baseline.isLocal(responder)) return false;
    const isUsual = baseline
      .rows('upload')
      .some(
        row =>
          row.entity === originator &&
          row.first < first &&
          Number.parseInt(baseline.symbols.text(row.name), 10) > Number.parseInt(sign.aspect ?? '', 10),
      );
    if (isUsual) return false;
    return baseline
      .novelties('upload')
      .some(
        ({ row, chance }) =>
          row.entity === originator &&
          baseline.symbols.text(row.name) === sign.aspect &&
          dayOf(row.first) === dayOf(first) &&
          chance <= surprise,
      );
  },
});

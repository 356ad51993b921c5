import { words } from '../value/reader.ts';
import { anyLike } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf } from './from-row.ts';
import { by, fileOf, ownerTitle } from './owner.ts';

/** One process asked for a name, and another program called the address that it was given. */
export const borrowedName = defineDetector({
  name: 'borrowed-name',
  needs: { 'process-connect': ['image'], 'process-dns': ['answers'] },
  options: {
    /** File names of programs that ask for others, or call for them. */
    but_images: words(),
  },

  *conclude(baseline, { but_images }) {
    const isGoBetween = anyLike(but_images);
    for (const owner of baseline.owners.borrowed) {
      const { row, asker = '' } = owner;
      if (isGoBetween(fileOf(owner)) || isGoBetween(asker.toLowerCase())) continue;
      const sign = {
        summary: `called by ${ownerTitle(owner)}, which had not asked for its name: ${asker} had`,
        aspect: `${fileOf(owner)} ${asker.toLowerCase()}`,
      };
      yield { ...fromRow(row, partiesOf(row, baseline), sign, baseline), ...by(owner) };
    }
  },
});

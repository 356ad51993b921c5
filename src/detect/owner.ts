import type { Owner } from '../baseline/owners.ts';
import { baseName } from '../baseline/process.ts';
import type { Evidence } from '../finding/evidence.ts';

/** `chrome.exe (pid 4711)`. */
export function processTitle({ process: { image, pid } }: Owner): string {
  const name = image === undefined ? 'a process without a name' : baseName(image);
  return pid === undefined ? name : `${name} (pid ${pid})`;
}

/** The file's name in small letters; empty where nobody knows it. */
export const fileOf = ({ process: { image } }: Owner): string => baseName(image ?? '').toLowerCase();

/** That evidence is about just this process. */
export const by = ({ process: { machine, guid, pid } }: Owner): Pick<Evidence, 'by'> => ({
  by: { machine, guid, pid },
});

import type { Owner } from '../baseline/owners.ts';
import { baseName, processTitle } from '../baseline/process.ts';
import type { Evidence } from '../finding/evidence.ts';

/** `chrome.exe (pid 4711)`. */
export const ownerTitle = ({ process }: Owner): string => processTitle(process, 'a process without a name');

/** The file's name in small letters; empty where nobody knows it. */
export const fileOf = ({ process: { image } }: Owner): string => baseName(image ?? '').toLowerCase();

/** That evidence is about just this process. */
export const by = ({ process: { machine, guid, pid } }: Owner): Pick<Evidence, 'by'> => ({
  by: { machine, guid, pid },
});

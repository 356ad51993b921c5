import { type Micros, SECOND } from '../value/time.ts';

/** Which process of which machine: as much as a record says that it made itself known by. */
export interface ProcessKey {
  /** The machine by its name. */
  readonly machine: string;
  /** Sysmon's ProcessGuid, in lower case and without braces. */
  readonly guid?: string | undefined;
  readonly pid?: number | undefined;
  readonly image?: string | undefined;
  readonly user?: string | undefined;
}

/** A process that another one came from. */
export interface Ancestor {
  readonly image: string;
  readonly pid?: number | undefined;
  readonly guid?: string | undefined;
  readonly commandLine?: string | undefined;
}

/** Everything that is known of a process that used the network. */
export interface Process extends ProcessKey {
  readonly commandLine?: string | undefined;
  readonly hashes?: string | undefined;
  readonly start?: Micros | undefined;
  /** The one that started it first; at most three. */
  readonly ancestors: readonly Ancestor[];
  /** How sure it is that this is the start of just this process: below 1 where only a number that is given again says so. */
  readonly isByGuid: boolean;
}

/** As the symbol of which there is one for each process. */
export const keyText = ({ machine, guid, pid, image, user }: ProcessKey): string =>
  JSON.stringify([machine, guid ?? null, pid ?? null, image ?? null, user ?? null]);

export function keyIn(text: string): ProcessKey | undefined {
  const [machine, guid, pid, image, user] = listIn(text);
  if (typeof machine !== 'string') return undefined;
  return {
    machine,
    ...(typeof guid === 'string' && { guid }),
    ...(typeof pid === 'number' && { pid }),
    ...(typeof image === 'string' && { image }),
    ...(typeof user === 'string' && { user }),
  };
}

/** Nothing of what is none: names of which there were too many are all one (`Symbols`). */
export function listIn(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/**
 * When a process began, by its ProcessGuid, of which the second group and the third are the seconds since 1970 in
 * hexadecimal (`81056205-5686-64dc-…` is 0x64dc5686): true even where other clocks of the machine are not.
 */
export function startIn(guid: string): Micros | undefined {
  const [, low, high] = /^[0-9a-f]{8}-([0-9a-f]{4})-([0-9a-f]{4})-/.exec(guid) ?? [];
  if (low === undefined || high === undefined) return undefined;
  const seconds = Number.parseInt(high + low, 16);
  return seconds > 0 ? seconds * SECOND : undefined;
}

/** `chrome.exe (pid 4711)`. */
export function processTitle({ image, pid }: Pick<ProcessKey, 'image' | 'pid'>, unnamed = 'a process'): string {
  const name = image === undefined ? unnamed : baseName(image);
  return pid === undefined ? name : `${name} (pid ${pid})`;
}

/** The file's own name: `svchost.exe`. */
export const baseName = (image: string): string => image.slice(lastSeparator(image) + 1);

/** Where the file lies: `C:\Windows\System32`. */
export const folderOf = (image: string): string => image.slice(0, lastSeparator(image));

const lastSeparator = (image: string): number => Math.max(image.lastIndexOf('\\'), image.lastIndexOf('/'));

import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { inTextOrder } from '../value/order.ts';
import { reasonOf } from './reason.ts';
import { isPackedFrom } from './twin.ts';

/** Where text is read. */
export interface Source {
  /** As the user named it, or would: the path, or `-` for standard input. */
  readonly name: string;
  /** In bytes, as stored; undefined for a stream. */
  readonly size: number | undefined;
  /** The archive that it lies in. */
  readonly archive?: string;
  /** What of it is to be read; undefined: all. */
  readonly part?: SourcePart;
}

/** What earlier runs have left of a source. */
interface SourcePart {
  /** The first byte of its text (unpacked, where it is packed), and the one after the last; undefined is the end, wherever that will be. */
  readonly from: number;
  readonly to: number | undefined;
  /** How many lines stand before it, and how lines were being read there; undefined where nobody has read them. */
  readonly lines: number;
  readonly closing: string | undefined;
}

/** Something that was met and not read. */
export interface Unread {
  readonly path: string;
  readonly reason: string;
}

export interface Found {
  readonly sources: readonly Source[];
  /** Those that were named themselves, and not only a folder or a pattern that has them. */
  readonly named: ReadonlySet<string>;
  /** What was named, or lies in a folder that was, and cannot be read: trouble. */
  readonly unreadable: readonly Unread[];
  /** What lies in a folder and is not meant to be read. */
  readonly skipped: readonly Unread[];
}

export const STDIN = '-';

/**
 * The files behind paths, folders (with everything below them but what is hidden), globs and `-`. Each file once, by
 * whatever ways it is reached, packed or not, and in the order of names, whatever the order of the arguments. A pipe is
 * read where it is named (`<(zcat …)`), never where it lies in a folder: there nobody may be writing.
 */
export async function findSources(paths: readonly string[]): Promise<Found> {
  const sources = new Map<string, Source>();
  const unreadable = new Map<string, string>();
  const skipped = new Map<string, string>();
  const named = new Set<string>();

  const add = async (name: string, stats: Stats): Promise<void> => {
    const real = stats.isFile() ? await realpath(name) : name;
    const known = sources.get(real);
    if (!known || name < known.name) sources.set(real, { name, size: stats.isFile() ? stats.size : undefined });
  };

  const visit = async (name: string, ancestors: readonly string[], isNamed: boolean): Promise<void> => {
    try {
      const stats = await stat(name);
      if (isNamed && !stats.isDirectory()) named.add(name);
      if (stats.isFile() || (isNamed && !stats.isDirectory())) return await add(name, stats);
      if (!stats.isDirectory()) {
        skipped.set(name, 'a pipe, socket or device (name it to have it read)');
        return;
      }
      const real = await realpath(name);
      // A link to a folder above would lead round and round.
      if (ancestors.includes(real)) return;
      for (const entry of (await readdir(name)).sort()) {
        if (!entry.startsWith('.')) await visit(path.join(name, entry), [...ancestors, real], false);
      }
    } catch (error) {
      unreadable.set(name, reasonOf(error));
    }
  };

  for (const name of paths) {
    if (name === STDIN) sources.set(STDIN, { name: STDIN, size: undefined });
    else if (await isPattern(name)) {
      const matches = await matchesOf(name);
      if (matches.length === 0) unreadable.set(name, 'nothing matches this pattern');
      for (const match of matches) await visit(match, [], false);
    } else await visit(name, [], true);
  }
  for (const [real, { name }] of sources) {
    const plain = sources.get(real.replace(/\.gz$/, ''));
    if (!plain || plain.name === name || !(await isPackedFrom(name, plain.name))) continue;
    sources.delete(real);
    skipped.set(name, `the same as ${plain.name}, packed`);
  }
  return {
    sources: [...sources.values()].sort((one, other) => inTextOrder(one.name, other.name)),
    named,
    unreadable: unreadOf(unreadable),
    skipped: unreadOf(skipped),
  };
}

const unreadOf = (reasons: ReadonlyMap<string, string>): readonly Unread[] =>
  [...reasons]
    .map(([name, reason]) => ({ path: name, reason }))
    .sort((one, other) => inTextOrder(one.path, other.path));

/** A pattern that the shell did not expand (it was quoted, or matched nothing); a file of that very name comes first. */
async function isPattern(name: string): Promise<boolean> {
  if (await exists(name)) return false;
  const { isDynamicPattern } = await globbing();
  return isDynamicPattern(name);
}

/** Loaded where there is something that may be a pattern: nearly always the shell has expanded it. */
const globbing = () => import('tinyglobby');

async function matchesOf(pattern: string): Promise<readonly string[]> {
  const { glob } = await globbing();
  const absolute = path.isAbsolute(pattern);
  const matches = await glob(pattern, { onlyFiles: false, expandDirectories: false, absolute });
  return matches.map(match => match.replace(/\/$/, ''));
}

const exists = async (name: string): Promise<boolean> => {
  try {
    await stat(name);
    return true;
  } catch {
    return false;
  }
};

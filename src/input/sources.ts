import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';

/** Where text is read. */
export interface Source {
  /** As the user named it, or would: the path, or `-` for standard input. */
  readonly name: string;
  /** In bytes, as stored; undefined for a stream. */
  readonly size: number | undefined;
}

/** Something that was named and cannot be read. */
export interface Unreadable {
  readonly path: string;
  readonly reason: string;
}

export interface Found {
  readonly sources: readonly Source[];
  readonly unreadable: readonly Unreadable[];
}

export const STDIN = '-';

/**
 * The files behind paths, folders (with everything below them but what is hidden), globs and `-`. Each file once,
 * by whatever ways it is reached, and in the order of names, whatever the order of the arguments.
 */
export async function findSources(paths: readonly string[]): Promise<Found> {
  const sources = new Map<string, Source>();
  const unreadable: Unreadable[] = [];

  const add = async (name: string, stats: Stats): Promise<void> => {
    const real = await realpath(name);
    const known = sources.get(real);
    if (!known || name < known.name) sources.set(real, { name, size: stats.size });
  };

  const visit = async (name: string, ancestors: readonly string[]): Promise<void> => {
    try {
      const stats = await stat(name);
      if (!stats.isDirectory()) return await add(name, stats);
      const real = await realpath(name);
      // A link to a folder above would lead round and round.
      if (ancestors.includes(real)) return;
      for (const entry of (await readdir(name)).sort()) {
        if (!entry.startsWith('.')) await visit(path.join(name, entry), [...ancestors, real]);
      }
    } catch (error) {
      unreadable.push({ path: name, reason: reasonOf(error) });
    }
  };

  for (const name of paths) {
    if (name === STDIN) sources.set(STDIN, { name: STDIN, size: undefined });
    else for (const match of await expand(name)) await visit(match, []);
  }
  return {
    sources: [...sources.values()].sort(byName),
    unreadable: unreadable.sort((one, other) => (one.path < other.path ? -1 : 1)),
  };
}

const byName = (one: Source, other: Source): number => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);

/** A pattern that the shell did not expand (it was quoted, or matched nothing); a file of that very name comes first. */
async function expand(name: string): Promise<readonly string[]> {
  if (!isDynamicPattern(name) || (await exists(name))) return [name];
  const matches = await glob(name, { onlyFiles: false, expandDirectories: false, absolute: path.isAbsolute(name) });
  return matches.length > 0 ? matches.map(match => match.replace(/\/$/, '')) : [name];
}

const exists = async (name: string): Promise<boolean> => {
  try {
    await stat(name);
    return true;
  } catch {
    return false;
  }
};

/** What the system's error means to whoever named the path. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'no permission to read it';
    case 'ELOOP':
      return 'a link that leads to itself';
    case 'EISDIR':
      return 'a folder';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

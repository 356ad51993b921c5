import type { Baseline } from '../baseline/baseline.ts';
import type { Owner } from '../baseline/owners.ts';
import { baseName, type Process } from '../baseline/process.ts';
import type { Evidence } from '../finding/evidence.ts';
import { decodedIn } from '../value/command-line.ts';
import { oneOf, words, wordsByName } from '../value/reader.ts';
import { anyLike, listed, shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf } from './from-row.ts';
import { by, fileOf, processTitle } from './owner.ts';

/** So much of a command line is in the sentence; the finding has more of it. */
const LONGEST_QUOTED = 120;

/**
 * A program that is what a rule describes calls somebody. All that the rule says must hold: what the program is called, where
 * it lies, who started it, and what its command line says. By the endpoint's own word, whether a sensor saw it or not.
 */
export const program = defineDetector({
  name: 'program',
  needs: { 'process-connect': ['image'] },
  options: {
    /** File names of programs, with `*` for any part; compared without case. */
    images: words(),
    but_images: words(),
    /** Whole paths, in the same way; `/` and `\` are the same. */
    paths: words(),
    but_paths: words(),
    /** File names of the process that started it, or of one that started that (three at most). */
    parents: words(),
    /** What makes a command line odd, in words, with what it is like: without case, with one blank for several; base64 in it is read too. */
    commands: wordsByName(),
    /** `none`: only where it was started without any. */
    arguments: oneOf(['any', 'none'], 'any'),
    /** Whom it calls: anybody, or only who is not local. */
    peers: oneOf(['any', 'outside'], 'any'),
  },

  *conclude(baseline, options) {
    const { images, but_images, paths, but_paths, parents, commands, peers } = options;
    const isOfImages = images.size === 0 ? () => true : anyLike(images);
    const isOfOthers = anyLike(but_images);
    const isThere = paths.size === 0 ? () => true : anyLike(paths);
    const isElsewhere = anyLike(but_paths);
    const isParent = anyLike(parents);
    const oddities = [...commands].map(([what, patterns]) => ({ what, isOdd: anyLike(patterns) }));

    /** What a process has of what the rule describes; undefined where something is missing. */
    const traitsOf = (process: Process): string | undefined => {
      const { image, commandLine, ancestors } = process;
      if (image === undefined) return undefined;
      const file = baseName(image).toLowerCase();
      const path = image.toLowerCase().replaceAll('/', '\\');
      if (!isOfImages(file) || isOfOthers(file) || !isThere(path) || isElsewhere(path)) return undefined;
      const parent =
        parents.size === 0 ? undefined : ancestors.find(each => isParent(baseName(each.image).toLowerCase()));
      if (parents.size > 0 && !parent) return undefined;
      if (options.arguments === 'none' && !isBare(commandLine)) return undefined;
      const odd = oddities.length === 0 ? [] : odditiesIn(commandLine, oddities);
      if (oddities.length > 0 && odd.length === 0) return undefined;
      return [
        ...(parent ? [`started by ${baseName(parent.image)}`] : []),
        ...(paths.size > 0 ? [`which lies in ${folderOf(image)}`] : []),
        ...(options.arguments === 'none' ? ['without any argument'] : []),
        ...(odd.length > 0
          ? [`by a command line with ${listed(odd)}: ${shortened((commandLine ?? '').trim(), LONGEST_QUOTED)}`]
          : []),
      ].join(', ');
    };

    const known = new Map<string, string | undefined>();
    for (const owner of baseline.owners.contacts) {
      if (peers === 'outside' && baseline.isLocal(owner.row.peer)) continue;
      const key = JSON.stringify([owner.process.machine, owner.process.guid, owner.process.pid, owner.process.image]);
      if (!known.has(key)) known.set(key, traitsOf(owner.process));
      const description = known.get(key);
      if (description !== undefined) yield evidenceOf(owner, description, baseline);
    }
  },
});

function evidenceOf(owner: Owner, description: string, baseline: Baseline): Evidence {
  const { row } = owner;
  const sign = {
    summary: `called by ${processTitle(owner)}${description === '' ? '' : `, ${description}`}`,
    aspect: fileOf(owner),
  };
  return { ...fromRow(row, partiesOf(row, baseline), sign, baseline), ...by(owner) };
}

/** The command itself and nothing behind it: quoted, or without a blank in it, or as long as its path. */
function isBare(commandLine: string | undefined): boolean {
  if (commandLine === undefined) return false;
  const line = commandLine.trim();
  return /^("[^"]+"|\S+)$/.test(line) || /^[a-z]:\\[^"*?<>|/]+\.exe$/i.test(line);
}

interface Oddity {
  readonly what: string;
  isOdd(text: string): boolean;
}

/** What is odd about a command line, as it stands or as it reads once it is decoded. */
function odditiesIn(commandLine: string | undefined, oddities: readonly Oddity[]): readonly string[] {
  if (commandLine === undefined) return [];
  const texts = [commandLine, decodedIn(commandLine)?.text ?? ''].map(text => text.toLowerCase().replace(/\s+/g, ' '));
  return oddities.filter(({ isOdd }) => texts.some(isOdd)).map(({ what }) => what);
}

const folderOf = (image: string): string => image.slice(0, Math.max(image.lastIndexOf('\\'), image.lastIndexOf('/')));

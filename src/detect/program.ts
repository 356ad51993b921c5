import type { Baseline } from '../baseline/baseline.ts';
import type { Owner } from '../baseline/owners.ts';
import { baseName, folderOf, type Process } from '../baseline/process.ts';
import type { Evidence } from '../finding/evidence.ts';
import { decodedIn } from '../value/command-line.ts';
import { madeAt } from '../value/made-at.ts';
import { oneOf, words, wordsByName } from '../value/reader.ts';
import { anyLike, listed, shortened } from '../value/text.ts';
import { defineDetector } from './detector.ts';
import { fromRow, partiesOf } from './from-row.ts';
import { by, ownerTitle } from './owner.ts';

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
    /** `odd`: it is odd by itself that a command line hides something in base64. */
    base64: oneOf(['plain', 'odd'], 'plain'),
    /** `none`: only where it was started without any. */
    arguments: oneOf(['any', 'none'], 'any'),
    /** Whom it calls: anybody, or only who is not local. */
    peers: oneOf(['any', 'outside'], 'any'),
  },

  *conclude(baseline, options) {
    const { images, but_images, paths, but_paths, parents, commands, base64, peers } = options;
    const isOfImages = images.size === 0 ? () => true : anyLike(images);
    const isOfOthers = anyLike(but_images);
    const isThere = paths.size === 0 ? () => true : anyLike(paths);
    const isElsewhere = anyLike(but_paths);
    const isParent = anyLike(parents);
    const oddities = [...commands].map(([what, patterns]) => ({ what, isOdd: anyLike(patterns) }));
    const asksForOddity = oddities.length > 0 || base64 === 'odd';

    /** What a process has of what the rule describes; undefined where something is missing. */
    const traitsOf = (process: Process): Description | undefined => {
      const { image, commandLine, ancestors } = process;
      if (image === undefined) return undefined;
      const file = baseName(image).toLowerCase();
      const path = image.toLowerCase().replaceAll('/', '\\');
      if (!isOfImages(file) || isOfOthers(file) || !isThere(path) || isElsewhere(path)) return undefined;
      const parent = ancestors.find(each => isParent(baseName(each.image).toLowerCase()));
      if (parents.size > 0 && !parent) return undefined;
      if (options.arguments === 'none' && !isBare(commandLine, image)) return undefined;
      const command = commandOf(commandLine, oddities, base64 === 'odd');
      if (asksForOddity && command.odd.length === 0) return undefined;
      return {
        aspect: [file, ...command.odd].join(' '),
        text: [
          ...(parent ? [`${parent === ancestors[0] ? 'started by' : 'descended from'} ${baseName(parent.image)}`] : []),
          ...(paths.size > 0 ? [`which lies in ${folderOf(image)}`] : []),
          ...(options.arguments === 'none' ? ['without any argument'] : []),
          ...(command.odd.length > 0 ? [`by a command line with ${listed(command.odd)}: ${command.shown}`] : []),
        ].join(', '),
      };
    };

    const known = new Map<string, Description | undefined>();
    for (const owner of baseline.owners.contacts) {
      if (peers === 'outside' && baseline.isLocal(owner.row.peer)) continue;
      const key = JSON.stringify([owner.process.machine, owner.process.guid, owner.process.pid, owner.process.image]);
      const description = madeAt(known, key, () => traitsOf(owner.process));
      if (description !== undefined) yield evidenceOf(owner, description, baseline);
    }
  },
});

/** What a process has of what a rule describes: in words, and by what it is like others. */
interface Description {
  readonly text: string;
  readonly aspect: string;
}

function evidenceOf(owner: Owner, { text, aspect }: Description, baseline: Baseline): Evidence {
  const { row } = owner;
  const sign = { summary: `called by ${ownerTitle(owner)}${text === '' ? '' : `, ${text}`}`, aspect };
  return { ...fromRow(row, partiesOf(row, baseline), sign, baseline), ...by(owner) };
}

/** The command itself and nothing behind it, however it was written. */
function isBare(commandLine: string | undefined, image: string): boolean {
  if (commandLine === undefined) return false;
  const line = commandLine
    .trim()
    .replace(/^"([^"]*)"$/, '$1')
    .toLowerCase();
  const [path, file] = [image.toLowerCase(), baseName(image).toLowerCase()];
  return [path, file, file.replace(/\.exe$/, '')].includes(line) || (line.endsWith(`\\${file}`) && !/[\s"]/.test(line));
}

interface Oddity {
  readonly what: string;
  isOdd(text: string): boolean;
}

/** What is odd about a command line, as it stands or as it reads once it is decoded, and how it is shown. */
function commandOf(commandLine = '', oddities: readonly Oddity[], isBase64Odd: boolean) {
  const decoded = decodedIn(commandLine);
  const texts = [commandLine, decoded?.text ?? ''].map(text => text.toLowerCase().replace(/\s+/g, ' '));
  const odd = [
    ...(decoded && isBase64Odd ? [`base64 (${decoded.by})`] : []),
    ...oddities.filter(({ isOdd }) => texts.some(isOdd)).map(({ what }) => what),
  ];
  const plain = shortened(commandLine.trim().replace(PATH, '$1$2').replace(BASE64, '(base64)'), LONGEST_QUOTED);
  return { odd, shown: decoded ? `${plain}, which reads ${shortened(decoded.text.trim(), LONGEST_QUOTED)}` : plain };
}

/** Where the program lies is said elsewhere. */
const PATH = /^(?:"(?:[^"\\]*\\)+([^"\\]+)"|[a-z]:\\(?:[^"\\]*\\)*(?=([^"\\]+\.exe)\b)\2)/i;

/** What nobody reads as it stands. */
const BASE64 = /[A-Za-z0-9+/]{40,}={0,2}/g;

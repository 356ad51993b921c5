import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileOf } from '../value/home.ts';
import { type Rule, RuleError } from './rule.ts';

/** What the file of a rule says, when it is known to say what a rule must. */
export interface Checked {
  readonly content: Pick<Rule, 'id'> & Omit<Rule, 'family' | 'placeOf'>;
  /** The line of each value, by the keys that lead to it. */
  readonly lines: Lines;
}

export type Lines = ReadonlyMap<string, number>;

export const keyOf = (keys: readonly (string | number)[]): string => keys.join('/');

/** The line of the deepest of the keys that is there, so that what is missing is reported where it should stand. */
export const placeIn =
  (file: string, lines: Lines): Rule['placeOf'] =>
  (...keys) => {
    const known = keys.map((_, depth) => keyOf(keys.slice(0, keys.length - depth))).find(key => lines.has(key));
    return `${file}:${(known !== undefined && lines.get(known)) || 1}`;
  };

/** With what the file leaves out, and what its name and its folder say. */
export function ruleOf({ content, lines }: Checked, file: string): Rule {
  const placeOf = placeIn(file, lines);
  const { name } = path.parse(file);
  if (content.id !== name)
    throw new RuleError(`${placeOf('id')}: expected the id to be the file's name, ${name}, and found ${content.id}`);
  return {
    ...{ version: 1, references: [], analytics: [], options: {}, only_for: [], not_for: [] },
    ...{ told: 'alone', climbs: true },
    ...content,
    family: path.basename(path.dirname(file)),
    placeOf,
  };
}

/** As the build writes it down. */
export type CheckedFile = readonly [text: string, content: Checked['content'], lines: readonly [string, number][]];

export const checkedFiles = fileOf('dist/rules.json');

/**
 * The rules that the build has checked, by the text of their files: to read a dozen files of YAML takes longer than all
 * else before a hunt begins, and a file that is the same to the letter is the same rule.
 */
export function checkedAtBuild(): ReadonlyMap<string, Checked> {
  known ??= new Map(filesInBuild().map(([text, content, lines]) => [text, { content, lines: new Map(lines) }]));
  return known;
}

/** Before the first build there are none. */
const filesInBuild = (): readonly CheckedFile[] =>
  existsSync(checkedFiles) ? JSON.parse(readFileSync(checkedFiles, 'utf8')) : [];

let known: ReadonlyMap<string, Checked> | undefined;

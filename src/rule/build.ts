import { readFileSync, writeFileSync } from 'node:fs';
import { weirdsAtBuild } from '../decode/weirds.ts';
import { type CheckedFile, checkedFiles } from './checked.ts';
import { filesOf, ownRules, ownWeirds } from './read.ts';
import { readWeirds } from './weirds.ts';
import { checked } from './yaml.ts';

/** Run by the build: checks the rules that come with the program, and the catalogue of the sensors' words, and writes down what they say. */
const rules = (await filesOf(ownRules)).map((file): CheckedFile => {
  const text = readFileSync(file, 'utf8');
  const { content, lines } = checked(text, file);
  return [text, content, [...lines]];
});
writeFileSync(checkedFiles, JSON.stringify(rules));
writeFileSync(weirdsAtBuild, JSON.stringify(await readWeirds(ownWeirds)));

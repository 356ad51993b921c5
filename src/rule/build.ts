import { readFileSync, writeFileSync } from 'node:fs';
import { type CheckedFile, checkedFiles } from './checked.ts';
import { filesOf, ownRules } from './read.ts';
import { checked } from './yaml.ts';

/** Run by the build: checks the rules that come with the program, and writes down what they say. */
const rules = (await filesOf(ownRules)).map((file): CheckedFile => {
  const text = readFileSync(file, 'utf8');
  const { content, lines } = checked(text, file);
  return [text, content, [...lines]];
});
writeFileSync(checkedFiles, JSON.stringify(rules));

import { fileOf } from '../value/home.ts';
import { refuseUnknownTags } from './attack.ts';
import { type Checked, placeIn, ruleOf } from './checked.ts';
import { type Form, readDocument } from './document.ts';
import { type Rule, RuleError } from './rule.ts';

/** One rule from the text of its file. */
export const readRule = (text: string, file: string): Rule => ruleOf(checked(text, file), file);

/** The text of a file, where it is a rule. */
export function checked(text: string, file: string): Checked {
  const { content, lines } = readDocument(text, file, form);
  const rule = content as Checked['content'];
  refuseUnknownTags(rule.tags, placeIn(file, lines));
  return { content: rule, lines };
}

const form: Form = {
  schemaFile: fileOf('rules/rule.schema.json'),
  thing: 'rule',
  fail: (message, options) => new RuleError(message, options),
};

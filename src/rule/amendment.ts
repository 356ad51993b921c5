import { fileOf } from '../value/home.ts';
import { keyOf, placeIn } from './checked.ts';
import { type Form, readDocument } from './document.ts';
import { type Rule, RuleError } from './rule.ts';

/** What somebody wants otherwise in a rule that there is. */
type Amendment = Pick<Rule, 'id'> & Partial<Pick<Rule, 'level' | 'options' | 'only_for' | 'not_for'>>;

/** A file that names a rule and no mechanism changes that rule, and is none of its own. */
export const idAmended = (text: string): string | undefined =>
  /^detector\s*:/m.test(text) ? undefined : /^id\s*:\s*["']?([\w-]+)/m.exec(text)?.[1];

/** The rule as such a file has it: its options go over the rule's own, one by one. */
export function amended(rule: Rule, text: string, file: string): Rule {
  const { content, lines } = readDocument(text, file, form);
  const { options = {}, ...others } = content as Amendment;
  const own = placeIn(file, lines);
  return {
    ...rule,
    ...others,
    options: { ...rule.options, ...options },
    placeOf: (...path) => (lines.has(keyOf(path)) ? own(...path) : rule.placeOf(...path)),
  };
}

const form: Form = {
  schemaFile: fileOf('rules/amendment.schema.json'),
  thing: 'change of a rule',
  fail: (message, options) => new RuleError(message, options),
};

import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { fileOf } from '../value/home.ts';
import { suggestion } from '../value/suggestion.ts';
import { type Checked, keyOf, type Lines, placeIn, ruleOf } from './checked.ts';
import { type Rule, RuleError } from './rule.ts';

/** One rule from the text of its file. */
export const readRule = (text: string, file: string): Rule => ruleOf(checked(text, file), file);

/** The text of a file, where it is a rule. */
export function checked(text: string, file: string): Checked {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const problem =
      error.code === 'MULTIPLE_DOCS'
        ? 'a second rule begins here: one file holds one'
        : `not valid YAML: ${error.message.split('\n', 1)[0]}`;
    throw new RuleError(`${file}:${lines.linePos(error.pos[0]).line}: ${problem}`);
  }
  const linesByKey = linesIn(document, lines);
  const placeOf = placeIn(file, linesByKey);
  const content = contentOf(document, placeOf());
  if (!validate(content)) throw new RuleError(explained(validate.errors ?? [], placeOf));
  return { content: content as Checked['content'], lines: linesByKey };
}

/** References to anchors are resolved only here, and may fail. */
function contentOf(document: Document, place: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new RuleError(`${place}: not valid YAML: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

const schemaFile = fileOf('rules/rule.schema.json');

// That the schema itself is sound a test shows once, and not every run.
const validate = new Ajv({
  ...{ allErrors: true, verbose: true, strict: false, formats: { uri: true } },
  ...{ meta: false, validateSchema: false },
}).compile(JSON.parse(readFileSync(schemaFile, 'utf8')));

function linesIn(document: Document, lines: LineCounter): Lines {
  const found = new Map<string, number>();
  const look = (node: unknown, keys: readonly (string | number)[]): void => {
    if (!isNode(node)) return;
    if (node.range) found.set(keyOf(keys), lines.linePos(node.range[0]).line);
    if (isMap(node))
      for (const { key, value } of node.items) look(value, [...keys, String(isScalar(key) ? key.value : key)]);
    if (isSeq(node)) for (const [index, item] of node.items.entries()) look(item, [...keys, index]);
  };
  look(document.contents, []);
  return found;
}

function explained(errors: readonly ErrorObject[], placeOf: Rule['placeOf']): string {
  return errors
    .map(error => {
      const keys = [...error.instancePath.split('/').slice(1), ...strangeKeyOf(error)];
      const name = keys.length === 0 ? '' : `${keys.join('.')}: `;
      return `${placeOf(...keys)}: ${name}${problemOf(error)}`;
    })
    .join('\n');
}

const strangeKeyOf = ({ keyword, params }: ErrorObject): readonly string[] =>
  keyword === 'additionalProperties' ? [String(params.additionalProperty)] : [];

/** What the validator found, in the words of whoever writes a rule. */
function problemOf({ keyword, params, message = 'is not valid', data, parentSchema = {} }: ErrorObject): string {
  switch (keyword) {
    case 'type':
      return data === null ? 'is empty' : `expected ${params.type === 'array' ? 'a list' : `one ${params.type}`}`;
    case 'required':
      return `${params.missingProperty} is missing`;
    case 'additionalProperties':
      return `is no key of a rule${suggestion(String(params.additionalProperty), Object.keys(parentSchema.properties))}`;
    case 'enum':
      return `expected one of ${params.allowedValues.join(', ')}${suggestion(String(data), params.allowedValues)}`;
    case 'pattern':
      return `found ${data}, expected such as ${parentSchema.examples.join(' or ')}`;
    case 'minItems':
      return `expected at least ${params.limit}`;
    default:
      return message;
  }
}

import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { reasonOf } from '../input/reason.ts';
import { inTextOrder } from '../value/order.ts';
import { suggestion } from '../value/suggestion.ts';
import { type Rule, RuleError, readEach } from './rule.ts';

/** The rules that come with the program. */
export const ownRules = path.join(import.meta.dirname, '../../rules');

/** All rules of a folder and the folders in it, by id. */
export async function readRules(folder: string): Promise<readonly Rule[]> {
  const rules = readEach(await filesOf(folder), file => readRule(textOf(file), file));
  refuseTwins(rules);
  return [...rules].sort((one, other) => inTextOrder(one.id, other.id));
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(cause => {
    throw new RuleError(`${folder}: no folder of rules can be read here: ${reasonOf(cause)}`, { cause });
  });
  const files = entries
    .filter(entry => !entry.isDirectory() && /\.ya?ml$/.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name));
  if (files.length === 0) throw new RuleError(`${folder}: no rule is here: a rule is a file that ends in .yml`);
  return files.sort();
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RuleError(`${file}: cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function refuseTwins(rules: readonly Rule[]): void {
  const known = new Map<string, Rule>();
  for (const rule of rules) {
    const twin = known.get(rule.id);
    if (twin) throw new RuleError(`${rule.placeOf('id')}: the id ${rule.id} is taken by ${twin.placeOf('id')}`);
    known.set(rule.id, rule);
  }
}

/** One rule from the text of its file. */
export function readRule(text: string, file: string): Rule {
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
  const placeOf = (...keys: readonly string[]): string => `${file}:${lineOf(document, lines, keys)}`;
  const content = contentOf(document, placeOf());
  if (!validate(content)) throw new RuleError(explained(validate.errors ?? [], placeOf));
  const rule = content as Pick<Rule, 'id'> & Omit<Rule, 'family' | 'placeOf'>;
  if (rule.id !== path.parse(file).name) {
    throw new RuleError(
      `${placeOf('id')}: expected the id to be the file's name, ${path.parse(file).name}, and found ${rule.id}`,
    );
  }
  return {
    ...{ version: 1, references: [], analytics: [], options: {} },
    ...rule,
    family: path.basename(path.dirname(file)),
    placeOf,
  };
}

/** References to anchors are resolved only here, and may fail. */
function contentOf(document: Document, place: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new RuleError(`${place}: not valid YAML: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

const schemaFile = path.join(ownRules, 'rule.schema.json');

// That the schema itself is sound a test shows once, and not every run.
const validate = new Ajv({
  ...{ allErrors: true, verbose: true, strict: false, formats: { uri: true } },
  ...{ meta: false, validateSchema: false },
}).compile(JSON.parse(readFileSync(schemaFile, 'utf8')));

/** The line of the deepest of the keys that is there, so that what is missing is reported where it should stand. */
function lineOf(document: Document, lines: LineCounter, keys: readonly string[]): number {
  for (let depth = keys.length; depth > 0; depth--) {
    const node = document.getIn(keys.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
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

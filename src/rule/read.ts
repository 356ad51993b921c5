import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { type Rule, RuleError } from './rule.ts';

/** The rules that come with the program. */
export const ownRules = path.join(import.meta.dirname, '../../rules');

/** All rules of a folder and the folders in it, by id. */
export async function readRules(folder: string): Promise<readonly Rule[]> {
  const entries = await entriesOf(folder);
  const files = entries
    .filter(entry => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
  const rules = await Promise.all(files.map(async file => readRule(await readFile(file, 'utf8'), file)));
  refuseTwins(rules);
  return rules.sort((one, other) => (one.id < other.id ? -1 : 1));
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw new RuleError(`${folder}: no folder of rules can be read here`, { cause });
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
    throw new RuleError(
      `${file}:${lines.linePos(error.pos[0]).line}: not valid YAML: ${error.message.split('\n', 1)[0]}`,
    );
  }
  const placeOf = (...keys: readonly string[]): string => `${file}:${lineOf(document, lines, keys)}`;
  const content: unknown = document.toJS();
  if (!validate(content)) throw new RuleError(explained(validate.errors ?? [], placeOf));
  const rule = content as Pick<Rule, 'id'> & Omit<Rule, 'family' | 'placeOf'>;
  if (rule.id !== path.parse(file).name) {
    throw new RuleError(
      `${placeOf('id')}: expected the id to be the file's name, ${path.parse(file).name}, and found ${rule.id}`,
    );
  }
  return {
    ...{ version: 1, references: [], options: {} },
    ...rule,
    family: path.basename(path.dirname(file)),
    placeOf,
  };
}

const schemaFile = path.join(ownRules, 'rule.schema.json');

const validate = new Ajv({ allErrors: true, strict: false, formats: { uri: true } }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
);

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
    .map(({ instancePath, message = 'is not valid', params }) => {
      const keys = instancePath.split('/').slice(1);
      const extra = 'additionalProperty' in params ? [String(params.additionalProperty)] : [];
      const allowed =
        'allowedValues' in params && Array.isArray(params.allowedValues) ? `: ${params.allowedValues.join(', ')}` : '';
      const name = [...keys, ...extra].join('.') || 'the rule';
      const problem = extra.length > 0 ? 'is no key that a rule has' : message;
      return `${placeOf(...keys, ...extra)}: ${name} ${problem}${allowed}`;
    })
    .join('\n');
}

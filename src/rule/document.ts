import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { madeAt } from '../value/made-at.ts';
import { suggestion } from '../value/suggestion.ts';
import { keyOf, type Lines, placeIn } from './checked.ts';
import type { Fail } from './text.ts';

/** What may stand in a file that somebody wrote, and how it is told where something else does. */
export interface Form {
  /** A JSON Schema. */
  readonly schemaFile: string;
  /** What such a file holds: `rule`. */
  readonly thing: string;
  readonly fail: Fail;
}

/** What a file of YAML says, in its form, and on which line it says each thing. */
export function readDocument(
  text: string,
  file: string,
  form: Form,
): { readonly content: unknown; readonly lines: Lines } {
  const { thing, fail } = form;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const problem =
      error.code === 'MULTIPLE_DOCS'
        ? `a second ${thing} begins here: one file holds one`
        : `not valid YAML: ${error.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '')}`;
    throw fail(`${file}:${lines.linePos(error.pos[0]).line}: ${problem}`);
  }
  const linesByKey = linesIn(document, lines);
  const placeOf = placeIn(file, linesByKey);
  const content = contentOf(document, placeOf(), fail);
  const validate = validatorFor(form);
  if (!validate(content)) throw fail(explained(validate.errors ?? [], placeOf, thing));
  return { content, lines: linesByKey };
}

/** References to anchors are resolved only here, and may fail. */
function contentOf(document: Document, place: string, fail: Fail): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw fail(`${place}: not valid YAML: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Each is made once. */
const validators = new Map<string, ReturnType<Ajv['compile']>>();

// That the schemas themselves are sound a test shows once, and not every run.
function validatorFor({ schemaFile }: Form): ReturnType<Ajv['compile']> {
  return madeAt(validators, schemaFile, () =>
    new Ajv({
      ...{ allErrors: true, verbose: true, strict: false, formats: { uri: true } },
      ...{ meta: false, validateSchema: false },
    }).compile(JSON.parse(readFileSync(schemaFile, 'utf8'))),
  );
}

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

function explained(errors: readonly ErrorObject[], placeOf: ReturnType<typeof placeIn>, thing: string): string {
  return errors
    .map(error => {
      const keys = [...error.instancePath.split('/').slice(1), ...strangeKeyOf(error)];
      const name = keys.length === 0 ? '' : `${keys.join('.')}: `;
      return `${placeOf(...keys)}: ${name}${problemOf(error, thing)}`;
    })
    .join('\n');
}

const strangeKeyOf = ({ keyword, params }: ErrorObject): readonly string[] =>
  keyword === 'additionalProperties' ? [String(params.additionalProperty)] : [];

/** What the validator found, in the words of whoever wrote it. */
function problemOf(
  { keyword, params, message = 'is not valid', data, parentSchema = {} }: ErrorObject,
  thing: string,
): string {
  switch (keyword) {
    case 'type':
      return data === null ? 'is empty' : `expected ${params.type === 'array' ? 'a list' : `one ${params.type}`}`;
    case 'required':
      return `${params.missingProperty} is missing`;
    case 'additionalProperties':
      return `is no key of a ${thing}${suggestion(String(params.additionalProperty), Object.keys(parentSchema.properties))}`;
    case 'enum':
      return `expected one of ${params.allowedValues.join(', ')}${suggestion(String(data), params.allowedValues)}`;
    case 'pattern':
      return `found ${data}, expected such as ${parentSchema.examples.join(' or ')}`;
    case 'minProperties':
      return `says too little: expected at least ${params.limit} of ${Object.keys(parentSchema.properties).join(', ')}`;
    case 'minItems':
      return `expected at least ${params.limit}`;
    default:
      return message;
  }
}

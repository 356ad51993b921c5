import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import type { Finding } from '../src/finding/finding.ts';

const file = path.join(import.meta.dirname, '../src/finding/finding.schema.json');
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(file, 'utf8')));

/** What the published schema has against a finding. */
export const schemaErrors = (finding: Finding): readonly string[] =>
  validate(finding) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { WeirdFile } from '../decode/weirds.ts';
import { fileOf } from '../value/home.ts';
import { type Form, readDocument } from './document.ts';
import { RuleError } from './rule.ts';
import { type Fail, textOf } from './text.ts';

/** The catalogue of the sensors' words: a file's name begins with the sensor's. */
export async function readWeirds(folder: string): Promise<readonly WeirdFile[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.yml')).sort();
  return names.map(name => {
    const file = path.join(folder, name);
    const { content } = readDocument(textOf(file, fail), file, form);
    return { sensor: name.startsWith('zeek') ? 'Zeek' : 'Suricata', entries: content as WeirdFile['entries'] };
  });
}

const fail: Fail = (message, options) => new RuleError(message, options);

const form: Form = { schemaFile: fileOf('rules/weirds.schema.json'), thing: 'weird', fail };

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** The house, from the roof down: a folder imports from itself and from lower floors only. */
const floors = [
  ['cli'],
  ['pipeline'],
  ['output', 'correlate'],
  ['detect', 'rule'],
  ['baseline', 'decode'],
  ['input', 'kernel'],
  ['event'],
  ['finding'],
  ['value'],
];

const src = path.join(import.meta.dirname, '../src');
const floorOf = (folder: string): number => floors.findIndex(floor => floor.includes(folder));

const imports = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .flatMap(file => {
    const text = readFileSync(path.join(src, file), 'utf8');
    return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, target = '']) => ({
      file,
      from: file.split(path.sep)[0] ?? '',
      to: path.normalize(path.join(path.dirname(file), target)).split(path.sep)[0] ?? '',
    }));
  });

test('every folder of src has its floor', () => {
  const folders = readdirSync(src, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.sort()).toEqual(floors.flat().sort());
});

test('imports go down, never up and never across', () => {
  expect(imports.length).toBeGreaterThan(200);
  const wrong = imports.filter(({ from, to }) => from !== to && floorOf(to) <= floorOf(from));
  expect(wrong).toEqual([]);
});

test('only cli/ knows the process, its arguments and the console', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    file => file.endsWith('.ts') && !file.startsWith('cli'),
  );
  const knowing = files.filter(file =>
    /\bprocess\.(argv|env|exit|stdout|stderr|stdin)\b|\bconsole\.|from 'node:process'/.test(
      readFileSync(path.join(src, file), 'utf8'),
    ),
  );
  expect(knowing).toEqual([]);
});

test('nothing reads the clock but the command line', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  const reading = files.filter(file =>
    /Date\.now\b|new Date\b(?!\()|new Date\(\)|performance\.now|process\.hrtime/.test(
      readFileSync(path.join(src, file), 'utf8'),
    ),
  );
  expect(reading).toEqual([]);
});

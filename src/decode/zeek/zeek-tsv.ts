import type { TsvLayout } from '../../kernel/careful/tsv.ts';
import { lineAt } from '../../kernel/careful/walk.ts';
import type { Decoder } from '../../kernel/kernel.ts';
import { openTsv } from '../../kernel/open.ts';
import type { Symbols } from '../../kernel/symbols.ts';
import { coverageOf } from '../coverage.ts';
import type { Field } from '../field.ts';
import { fieldsOf, openView, planOf, type View } from '../log.ts';
import { type Coverage, deliver, type Reading, type Surroundings } from '../reading.ts';
import { logNamedIn, zeekLogs } from './logs.ts';
import type { ZeekLog } from './zeek-log.ts';

export const isZeekHeader = (line: string): boolean =>
  /^#(separator|set_separator|empty_field|unset_field|path|open|fields|types)\b/.test(line);

/** What the `#` lines so far have said. A new file in the stream (concatenated logs) begins with `#separator`. */
interface Header {
  readonly layout: TsvLayout;
  readonly path: string | undefined;
}

/** What lines are read with, from one `#fields` to the next. */
interface Section {
  readonly name: string;
  readonly decoder: Decoder;
  readonly view: View | undefined;
  readonly coverage: Coverage | undefined;
}

const blank: Header = { layout: { separator: '\t', unset: '-', empty: '(empty)', names: [] }, path: undefined };

/** Zeek's own format (logging/writers/ascii): separated values under a header of `#` lines, which may come again. */
export function openZeekTsv(symbols: Symbols, { fileName }: Surroundings): Reading {
  let header = blank;
  let section = sectionUnder(header, symbols, fileName);
  const covered: Coverage[] = [];

  return {
    formats: ['zeek-tsv'],
    get header() {
      return JSON.stringify(header);
    },
    read(block, from, reader) {
      let position = from;
      for (;;) {
        const { decoder, name, view, coverage } = section;
        const { table } = decoder;
        const progress = decoder.decode(block, position);
        const { refused } = progress;
        deliver({ block, table, refused, fields: coverage?.fields, nameAt: () => name, viewOf: () => view }, reader);
        position = progress;
        if (progress.stop === 'end' || progress.stop === 'stranger') return position;
        if (progress.stop === 'directive') {
          const { text, next } = lineAt(block.bytes, progress.at);
          header = headerAfter(header, text);
          if (text.startsWith('#fields')) {
            section = sectionUnder(header, symbols, fileName);
            if (section.coverage) covered.push(section.coverage);
          }
          position = { at: next, line: progress.line + 1 };
        }
      }
    },
    takes(line) {
      const { names, separator } = header.layout;
      return names.length > 0 && line.split(separator).length === names.length;
    },
    coverage: () => covered,
  };
}

function sectionUnder(header: Header, symbols: Symbols, fileName: string): Section {
  const log = logOf(header, fileName);
  const decoder = openTsv(header.layout, log ? planOf(fieldsOf(log).map(([, field]) => field)) : [], symbols);
  return {
    name: header.path ?? log?.name ?? 'unnamed',
    decoder,
    view: log && openView(log, decoder.table),
    coverage: log && coverageOf(log, field => isNamed(field, header.layout.names)),
  };
}

const isNamed = (field: Field<unknown>, names: readonly string[]): boolean =>
  field.logged !== 'never' &&
  (field.tellers.length === 0 || field.tellers.some(({ paths }) => paths.some(path => names.includes(path.join('.')))));

function logOf({ path, layout }: Header, fileName: string): ZeekLog | undefined {
  const byPath = zeekLogs.find(({ name }) => name === path);
  if (byPath || path !== undefined) return byPath;
  const hasAny = (fields = ''): boolean => fields.split('|').some(field => layout.names.includes(field));
  const byFields = zeekLogs.find(({ hallmark, foreign }) => hasAny(hallmark) && !hasAny(foreign));
  return byFields ?? (layout.names.includes('ts') ? logNamedIn(fileName) : undefined);
}

/** `#separator` is followed by a blank (or, from some tools, a tab) and escaped; every later value by the separator itself. */
function headerAfter(header: Header, directive: string): Header {
  const [, word = '', rest = ''] = /^#(\w+)[ \t]?(.*)$/s.exec(directive) ?? [];
  if (word === 'separator') return { ...blank, layout: { ...blank.layout, separator: plain(rest) } };
  const [, ...values] = directive.split(header.layout.separator);
  const [value = ''] = values;
  switch (word) {
    case 'path':
      return { ...header, path: value };
    case 'unset_field':
      return { ...header, layout: { ...header.layout, unset: value } };
    case 'empty_field':
      return { ...header, layout: { ...header.layout, empty: value } };
    case 'fields':
      return { ...header, layout: { ...header.layout, names: values } };
    default:
      return header;
  }
}

/** `\x09` as the character that it stands for. */
const plain = (text: string): string =>
  text.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

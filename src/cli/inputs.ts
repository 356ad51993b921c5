import { writeNdjson } from '../output/ndjson.ts';
import { print } from '../output/print.ts';
import { columnsTable } from '../output/table.ts';
import type { Entry } from '../pipeline/inventory.ts';
import type { Refusals } from '../pipeline/refusals.ts';
import { figure } from '../value/text.ts';
import { minuteText } from '../value/time.ts';
import { INTERRUPTED, type ReadingOptions, readAll, TROUBLE } from './hunt.ts';
import { formFor, type PrintedAs, screenOf, type Terminal, tell } from './terminal.ts';

export interface InputsOptions extends Pick<ReadingOptions, 'jobs' | 'quiet'> {
  readonly format: PrintedAs;
}

/** An entry with the first of its lines that is no record. */
interface Input extends Entry {
  readonly first_bad?: { readonly line: number; readonly reason: string };
}

/** What would be read, as what, and why not; trouble where something that was to be read cannot be. */
export async function inputsCommand(
  paths: readonly string[],
  { format, ...options }: InputsOptions,
  terminal: Terminal,
): Promise<number> {
  const firsts = new Map<string, Refusals['named'][number]>();
  const { inventory } = await readAll(paths, options, terminal, (source, { named: [first] }) => {
    if (first) firsts.set(source, first);
  });
  if (inventory.length === 0) await tell(terminal, ['nothing lies there, or only what is hidden']);
  const inputs = inventory.map((entry): Input => {
    const first = firsts.get(entry.path);
    return first ? { ...entry, first_bad: first } : entry;
  });
  if (formFor(format, terminal) === 'ndjson') await writeNdjson(inputs, terminal.stdout);
  else if (inputs.length > 0) await print(terminal.stdout, inputsTable(inputs, terminal));
  if (terminal.interrupt.aborted) return INTERRUPTED;
  return inputs.some(({ status }) => status === 'unreadable') || inputs.length === 0 ? TROUBLE : 0;
}

function inputsTable(inputs: readonly Input[], terminal: Terminal): string {
  const screen = screenOf(terminal);
  const longest = inputs.reduce((most, { path }) => Math.max(most, path.length), 0);
  return columnsTable<Input>(
    [
      // As wide as its longest name, as long as something is left for the rest.
      { title: 'File', width: Math.min(longest + 2, Math.floor(screen.columns * 0.4)), text: ({ path }) => path },
      { title: 'Log', width: 16, text: ({ log = '' }) => log.replaceAll(',', ', ') },
      { title: 'Format', width: 18, from: 130, text: formatText },
      { title: 'Records', width: 11, align: 'right', text: ({ records }) => (records ? figure(records) : '') },
      { title: 'From (UTC)', width: 17, from: 110, text: ({ from = '' }) => minuteText(from) },
      { title: 'To (UTC)', width: 17, from: 90, text: ({ to = '' }) => minuteText(to) },
      { title: 'Remarks', text: remarksOn },
    ],
    inputs,
    screen,
  );
}

const formatText = ({ format = '', dialect }: Input): string =>
  dialect === undefined ? format : `${format} (${dialect})`;

function remarksOn({ status, reason, bad = 0, passed = 0, doubts = [], first_bad: first }: Input): string {
  return [
    ...(reason === undefined ? [] : [status === 'skipped' ? `not read: ${reason}` : reason]),
    ...(bad > 0 ? [`${figure(bad)} bad${first ? `, the first at line ${first.line}: ${first.reason}` : ''}`] : []),
    ...(status === 'read' && passed > 0 ? [`${figure(passed)} of logs that no rule reads`] : []),
    ...doubts,
  ].join('; ');
}

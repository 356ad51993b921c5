import { existsSync, realpathSync, statSync } from 'node:fs';
import { type Habit, habitOf, portraitOf } from '../baseline/portrait.ts';
import { NONE } from '../baseline/row.ts';
import { type Database, openDatabase, withDatabase } from '../baseline/store/database.ts';
import { createNames, type Names } from '../baseline/store/names.ts';
import { createSqliteStore } from '../baseline/store/sqlite.ts';
import { createTold } from '../correlate/told.ts';
import { createSymbols, type Symbols } from '../kernel/symbols.ts';
import { writeNdjson } from '../output/ndjson.ts';
import { portraitTable } from '../output/portrait.ts';
import { print } from '../output/print.ts';
import { columnsTable } from '../output/table.ts';
import { forgetBefore } from '../pipeline/forget-old.ts';
import { mergeBaselines } from '../pipeline/merge-baselines.ts';
import type { Address } from '../value/address.ts';
import { sum } from '../value/sum.ts';
import { bytesText, counted, figure, visible } from '../value/text.ts';
import { isoTime, type Micros, minuteText } from '../value/time.ts';
import { changing } from './keeping.ts';
import { formFor, type PrintedAs, screenOf, type Terminal, tell, UsageError } from './terminal.ts';

interface LookOptions {
  readonly baseline: string;
  readonly format: PrintedAs;
}

interface ChangeOptions {
  readonly baseline: string;
  readonly lockTimeout: Micros;
}

/** Looks into a baseline, which is left as it is. */
const looking = <Result>(file: string, look: (database: Database) => Promise<Result>): Promise<Result> =>
  withDatabase(file, 'reading', look);

/** What is normal for a host: by its address, or by the name that an endpoint sensor knows it by. */
export const showHost = (
  host: string,
  { baseline: file, format, all }: LookOptions & { readonly all?: true },
  terminal: Terminal,
): Promise<number> =>
  looking(file, async database => {
    const symbols = createSymbols();
    const names = createNames(database, symbols);
    const store = createSqliteStore(database, symbols, names);
    const habits = portraitOf(
      hostsNamed(host, database, symbols, names).flatMap(address => [...store.lookup(address)]),
      symbols,
    );
    if (habits.length === 0)
      throw new UsageError(`${file}: nothing is known of ${host}${await knownInstead(database)}`);
    if (formFor(format, terminal) === 'ndjson') {
      await writeNdjson(
        habits.map(habit => ({ host, ...habit })),
        terminal.stdout,
      );
      return 0;
    }
    const table = portraitTable(habits, screenOf(terminal), all ? Number.POSITIVE_INFINITY : undefined);
    await print(terminal.stdout, `${headline(host, habits)}\n${table}`);
    return 0;
  });

function headline(host: string, habits: readonly Habit[]): string {
  const first = habits.reduce((least, habit) => (habit.first < least ? habit.first : least), habits[0]?.first ?? '');
  const last = habits.reduce((most, habit) => (habit.last > most ? habit.last : most), '');
  return visible(`${host}, known since ${minuteText(first)}, last seen ${minuteText(last)} UTC`);
}

/** A machine has the name in whichever case, and with or without its domain. */
function hostsNamed(host: string, database: Database, symbols: Symbols, names: Names): readonly Address[] {
  const address = symbols.address(host);
  if (address !== undefined) {
    // What an endpoint sensor knows of it stands under the machine's name.
    const machines = database.rows(
      "SELECT host FROM sighting WHERE trait = (SELECT id FROM traits WHERE name = 'address') AND peer = ?",
      names.seekAddress(address) ?? NONE,
    );
    return [address, ...[...machines].map(([machine]) => names.addressOf(Number(machine)))];
  }
  const found = database.rows(
    `SELECT -1 - id FROM names
      WHERE (lower(name) = ?1 OR substr(lower(name), 1, length(?1) + 1) = ?1 || '.')
        AND -1 - id IN (SELECT host FROM sighting)`,
    host.toLowerCase(),
  );
  return [...found].map(([number]) => names.addressOf(Number(number)));
}

async function knownInstead(database: Database): Promise<string> {
  const hosts = [...database.rows('SELECT host FROM hosts ORDER BY "values" DESC LIMIT 3')].map(([host]) =>
    String(host),
  );
  return hosts.length === 0 ? ': it is empty' : ` (it knows ${hosts.join(', ')} …)`;
}

/** How much is known, since when, and what has been told. */
export const showStats = ({ baseline: file, format }: LookOptions, terminal: Terminal): Promise<number> =>
  looking(file, async database => {
    const number = (sql: string): number => database.number(sql) ?? 0;
    const perTrait = [
      ...database.rows(
        'SELECT traits.name, count(*), count(DISTINCT host) FROM sighting JOIN traits ON traits.id = trait GROUP BY trait',
      ),
    ].map(([trait, values, hosts]) => ({ trait: String(trait), values: Number(values), hosts: Number(hosts) }));
    const states = [...database.rows('SELECT state, count(*) FROM findings GROUP BY state')];
    const verdicts = [...database.rows('SELECT verdict, count(*) FROM triage GROUP BY verdict')];
    const [first, last] = [number('SELECT min(first) FROM spans'), number('SELECT max(last) FROM spans')];
    const stats = {
      ...(last > 0 && { from: isoTime(first), to: isoTime(last) }),
      bytes: statSync(file).size,
      sources: number('SELECT count(*) FROM sources'),
      hosts: number('SELECT count(*) FROM hosts'),
      triage: Object.fromEntries(verdicts.map(([verdict, count]) => [String(verdict), Number(count)])),
      findings: Object.fromEntries(states.map(([state, count]) => [String(state), Number(count)])),
      values: Object.fromEntries(perTrait.map(({ trait, values }) => [trait, values])),
    };
    if (formFor(format, terminal) === 'ndjson') {
      await writeNdjson([stats], terminal.stdout);
      return 0;
    }
    const told =
      [...states, ...verdicts].map(([state, count]) => `${figure(Number(count))} ${state}`).join(', ') || 'none';
    const when = last > 0 ? `${minuteText(isoTime(first))} to ${minuteText(isoTime(last))} UTC` : 'nothing yet';
    const head = [
      `${file}: ${bytesText(stats.bytes)}, ${when}, from ${counted(stats.sources, 'source')}`,
      `findings: ${told}`,
    ];
    const table = columnsTable<(typeof perTrait)[number]>(
      [
        { title: 'Trait', width: 12, text: ({ trait }) => trait },
        { title: 'Hosts', width: 10, align: 'right', text: ({ hosts }) => figure(hosts) },
        { title: 'Values', text: ({ values }) => figure(values) },
      ],
      perTrait,
      screenOf(terminal),
    );
    await print(terminal.stdout, `${head.map(visible).join('\n')}\n${table}`);
    return 0;
  });

/** What one baseline knows and the other does not. */
export const diffBaselines = (
  [one, other]: readonly [string, string],
  { format }: Pick<LookOptions, 'format'>,
  terminal: Terminal,
): Promise<number> =>
  looking(one, first =>
    looking(other, async second => {
      const symbols = createSymbols();
      const known = [first, second].map(database => {
        const values = new Map<string, object>();
        for (const row of createSqliteStore(database, symbols).scan()) {
          const habit = habitOf(row, symbols);
          const host = symbols.addressText(row.entity);
          if (habit) values.set(`${host}\n${habit.trait}\n${habit.value}`, { host, ...habit });
        }
        return values;
      });
      const [here = new Map(), there = new Map()] = known;
      const only = (values: ReadonlyMap<string, object>, others: ReadonlyMap<string, object>, file: string) =>
        [...values].filter(([key]) => !others.has(key)).map(([, value]) => ({ only_in: file, ...value }));
      const differences = [...only(here, there, one), ...only(there, here, other)];
      if (formFor(format, terminal) === 'ndjson') await writeNdjson(differences, terminal.stdout);
      else await print(terminal.stdout, differencesTable(differences as Difference[], terminal));
      return differences.length === 0 ? 0 : 1;
    }),
  );

type Difference = Habit & { readonly only_in: string; readonly host: string };

function differencesTable(differences: readonly Difference[], terminal: Terminal): string {
  if (differences.length === 0) return 'no difference in what they know\n';
  return columnsTable<Difference>(
    [
      { title: 'Only in', width: 24, text: ({ only_in }) => only_in },
      { title: 'Host', width: 17, text: ({ host }) => host },
      { title: 'Trait', width: 10, text: ({ trait }) => trait },
      { title: 'Value', text: ({ value }) => value },
      { title: 'First (UTC)', width: 18, from: 100, text: ({ first }) => minuteText(first) },
    ],
    differences,
    screenOf(terminal),
  );
}

/** Puts baselines together to a new one. */
export async function mergeCommand(out: string, files: readonly string[], terminal: Terminal): Promise<number> {
  if (existsSync(out)) throw new UsageError(`${out}: is there already; baselines are put together to a new one`);
  if (new Set(files.map(file => realpathSync(file))).size < files.length)
    throw new UsageError('a baseline that is named twice would count twice');
  const others = files.map(file => openDatabase(file, 'reading'));
  const into = openDatabase(out, 'new');
  mergeBaselines(into, others);
  const row = into.row('SELECT (SELECT count(*) FROM sighting), (SELECT count(*) FROM hosts)');
  into.close();
  for (const other of others) other.close();
  await tell(terminal, [
    `${out}: ${counted(Number(row?.[0]), 'value')} of ${counted(Number(row?.[1]), 'host')}, from ${counted(files.length, 'baseline')}`,
  ]);
  return 0;
}

/** Everything that hosts have shown, one value a line. */
export const exportBaseline = (
  { baseline: file }: Pick<LookOptions, 'baseline'>,
  terminal: Terminal,
): Promise<number> =>
  looking(file, async database => {
    const symbols = createSymbols();
    const rows = createSqliteStore(database, symbols).scan();
    function* values() {
      for (const row of rows) {
        yield { host: symbols.addressText(row.entity), ...habitOf(row, symbols) };
      }
    }
    await writeNdjson(values(), terminal.stdout);
    return 0;
  });

/** Forgets what was not seen since a time, and gives the room back. */
export const pruneBaseline = (
  { baseline: file, lockTimeout, before }: ChangeOptions & { readonly before: Micros },
  terminal: Terminal,
): Promise<number> =>
  changing(file, lockTimeout, terminal, async database => {
    const count = forgetBefore(database, createTold(database), before);
    database.doing('VACUUM')();
    await tell(terminal, [
      `${file}: forgot ${counted(count, 'value')} that ${count === 1 ? 'was' : 'were'} not seen since`,
    ]);
    return 0;
  });

/** Forgets everything about a host: what it showed, what rules saw of it, and that anybody was told. */
export const forgetEntity = (
  host: string,
  { baseline: file, lockTimeout }: ChangeOptions,
  terminal: Terminal,
): Promise<number> =>
  changing(file, lockTimeout, terminal, async database => {
    const symbols = createSymbols();
    const names = createNames(database, symbols);
    const addresses = hostsNamed(host, database, symbols, names);
    const numbers = addresses.flatMap(address => names.seekAddress(address) ?? []);
    const forgotten = database.together(() => {
      for (const text of new Set([host, ...addresses.map(symbols.addressText)])) database.doing(FORGET_FINDINGS)(text);
      return numbers.map(number => {
        database.doing('DELETE FROM known WHERE host = ?')(number);
        database.doing('DELETE FROM ours WHERE host = ?')(number);
        return {
          values: database.doing('DELETE FROM sighting WHERE host = ?')(number),
          signs: database.doing('DELETE FROM evidence WHERE originator = ?1 OR responder = ?1')(number),
        };
      });
    });
    const count = sum(forgotten.map(({ values }) => values));
    if (count + sum(forgotten.map(({ signs }) => signs)) === 0)
      throw new UsageError(`${file}: nothing is known of ${host}${await knownInstead(database)}`);
    await tell(terminal, [`${file}: forgot ${counted(count, 'value')} of ${host}`]);
    return 0;
  });

const FORGET_FINDINGS = `
  DELETE FROM findings
  WHERE json_extract(finding, '$.host.ip[0]') = ?1 OR lower(json_extract(finding, '$.host.name')) = lower(?1)`;

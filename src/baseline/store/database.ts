import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { madeAt } from '../../value/made-at.ts';
import { steps } from './schema.ts';

/** What SQLite holds in a column. */
export type Value = number | string | null;

/** A baseline's file, as far as whoever keeps something in it needs to know. */
export interface Database {
  readonly isReadOnly: boolean;
  /** What a question gives, a row after the other. */
  rows(sql: string, ...values: readonly Value[]): IterableIterator<readonly Value[]>;
  /** The first of them; undefined where there is none. */
  row(sql: string, ...values: readonly Value[]): readonly Value[] | undefined;
  /** The number that is its answer; undefined where there is none. */
  number(sql: string, ...values: readonly Value[]): number | undefined;
  /** Does it, many times over, and says how many rows it changed. */
  doing(sql: string): (...values: readonly Value[]) => number;
  /** All of it or nothing, whatever happens on the way. */
  together<Result>(work: () => Result): Result;
  close(): void;
}

/** Something is wrong with a baseline's file; the message says what, and what to do. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/** 'oddt', where SQLite keeps whose file it is. */
const APPLICATION = 0x6f646474;
const VERSION = steps.length;

type Mode = 'new' | 'existing' | 'reading';

/**
 * Opens a baseline: `new` makes it where there is none, `reading` leaves it as it is. A file that is not ours, damaged, or
 * of a later version is refused before anything in it is touched.
 */
export function openDatabase(file: string, mode: Mode): Database {
  refuseForeign(file);
  const isThere = existsSync(file) && statSync(file).size > 0;
  if (!isThere && mode !== 'new')
    throw new BaselineError(`${file}: there is no baseline (oddtalk learn --baseline makes one)`);
  const database = failing(file, () => (mode === 'reading' ? openToRead(file) : new Libsql(file)));
  return failing(file, () => {
    if (mode !== 'reading') bringForward(database);
    return wrapped(database, file, mode === 'reading');
  });
}

/** Does something with a baseline, which is closed in the end. */
export async function withDatabase<Result>(
  file: string,
  mode: Mode,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(file, mode);
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

/** Looks before SQLite makes it a database in which it may write. */
export function refuseForeign(file: string): void {
  if (!existsSync(path.dirname(file)))
    throw new BaselineError(`${file}: there is no folder ${path.dirname(file)} to keep a baseline in`);
  if (!existsSync(file)) return;
  if (statSync(file).isDirectory()) throw new BaselineError(`${file}: a folder, where a baseline is a file`);
  if (statSync(file).size === 0) return;
  const [application, version] = failing(file, () => {
    const database = openToRead(file);
    try {
      if (Number(single(database, 'SELECT count(*) FROM sqlite_schema')) === 0) return [APPLICATION, 0];
      return ['application_id', 'user_version'].map(name => Number(single(database, `PRAGMA ${name}`)));
    } finally {
      database.close();
    }
  });
  if (application !== APPLICATION)
    throw new BaselineError(`${file}: not a baseline of oddtalk, so it is left as it is`);
  if ((version ?? 0) > VERSION)
    throw new BaselineError(
      `${file}: a baseline of a later oddtalk (its form is ${version}, this one knows up to ${VERSION}): use that one`,
    );
}

/**
 * Refuses a baseline in which not everything hangs together. To look at all of it takes seconds where it is large: so
 * that is done of a small one, and of one that a run has left in the middle.
 */
export function beginRun(database: Database, file: string): void {
  const isLeft = stateOf(database, UNDER_WAY) === 1;
  if (isLeft || statSync(file).size < SMALL) {
    const [fault] = database.row('PRAGMA quick_check(1)') ?? [];
    if (fault !== 'ok') throw new BaselineError(`${file}: a damaged baseline (${fault}): ${remedy}`);
  }
  putState(database, UNDER_WAY, 1);
}

export const endRun = (database: Database): void => putState(database, UNDER_WAY, 0);

const UNDER_WAY = 'a run is under way';

/** What the file itself remembers of its own, by name; undefined where nobody has put it there. */
export const stateOf = (database: Database, name: string): Value | undefined =>
  database.row('SELECT value FROM state WHERE name = ?', name)?.[0];

export function putState(database: Database, name: string, value: Value): void {
  database.doing('INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)')(name, value);
}

/** SQL that joins a span to the one that is there already. */
export const SPANNING = 'ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)';

const SMALL = 1 << 24;

/** Who may not write beside a baseline may read it all the same: as what nobody writes just now. */
function openToRead(file: string): Libsql.Database {
  const database = new Libsql(file, { readonly: true });
  try {
    single(database, 'SELECT count(*) FROM sqlite_schema');
    return database;
  } catch (error) {
    database.close();
    const isClosed = error instanceof Libsql.SqliteError && NOTHING_BESIDE.test(error.code);
    if (!isClosed) throw error;
    return new Libsql(`${pathToFileURL(file).href}?immutable=1`, { readonly: true });
  }
}

/** SQLITE_READONLY_DIRECTORY (which libsql does not name) and SQLITE_CANTOPEN. */
const NOTHING_BESIDE = /_1544$|^SQLITE_CANTOPEN/;

const remedy = 'put it away and learn anew, or take it from a backup';

const single = (database: Libsql.Database, sql: string): unknown => {
  const row = database.prepare(sql).raw(true).get() as readonly unknown[] | undefined;
  return row?.[0];
};

function bringForward(database: Libsql.Database): void {
  // Pages that are as large as the disk's, a log beside the file so that readers need not wait, and little that lasts
  // beyond a commit to be written at once: power that fails may take the last runs, and never the file.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536');
  const version = Number(single(database, 'PRAGMA user_version'));
  if (version === VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  for (const step of steps.slice(version)) database.exec(step);
  database.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${VERSION}; COMMIT`);
}

function wrapped(database: Libsql.Database, file: string, isReadOnly: boolean): Database {
  const prepared = new Map<string, Libsql.Statement<unknown[]>>();
  const statement = (sql: string): Libsql.Statement<unknown[]> => {
    return madeAt(prepared, sql, () => {
      const fresh = database.prepare<unknown[]>(sql);
      if (fresh.reader) fresh.raw(true);
      return fresh;
    });
  };
  const row: Database['row'] = (sql, ...values) =>
    failing(file, () => statement(sql).get(values)) as readonly Value[] | undefined;
  return {
    isReadOnly,
    *rows(sql, ...values) {
      yield* failing(file, () => statement(sql).iterate(values)) as IterableIterator<readonly Value[]>;
    },
    row,
    number(sql, ...values) {
      const [value = null] = row(sql, ...values) ?? [];
      return value === null ? undefined : Number(value);
    },
    doing(sql) {
      const done = failing(file, () => statement(sql));
      return (...values) => done.run(values as unknown[]).changes;
    },
    together: work =>
      failing(file, () => {
        if (database.inTransaction) return work();
        database.exec('BEGIN IMMEDIATE');
        try {
          const result = work();
          database.exec('COMMIT');
          return result;
        } catch (error) {
          // Where SQLite has given up the transaction itself there is nothing left to undo.
          if (database.inTransaction) database.exec('ROLLBACK');
          throw error;
        }
      }),
    close() {
      // To close it may take until its statements are collected as garbage: then the file would be without what is in the log beside it.
      if (!isReadOnly) failing(file, () => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
      database.close();
    },
  };
}

/** What SQLite says in the words of whoever named the file. */
function failing<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('ConnectionFailed'))
      throw new BaselineError(`${file}: ${reasonFor('SQLITE_CANTOPEN', error.message)}`, { cause: error });
    if (!(error instanceof Libsql.SqliteError)) throw error;
    throw new BaselineError(`${file}: ${reasonFor(error.code, error.message)}`, { cause: error });
  }
}

function reasonFor(code: string, message: string): string {
  if (code.startsWith('SQLITE_NOTADB')) return 'not a baseline of oddtalk, so it is left as it is';
  if (code.startsWith('SQLITE_CORRUPT')) return `a damaged baseline (${message}): ${remedy}`;
  if (code.startsWith('SQLITE_FULL')) return 'the disk is full: what was learnt since the last commit is not kept';
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM')) return 'it cannot be written';
  if (code.startsWith('SQLITE_CANTOPEN')) return 'it cannot be opened, or nothing can be written beside it';
  if (code.startsWith('SQLITE_BUSY')) return 'somebody else is writing to it';
  return message;
}

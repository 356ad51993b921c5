import Libsql from 'libsql';
import { BaselineError } from './database.ts';

/** A baseline that nobody else may write while this is held. Whoever dies leaves it, because the system takes it away. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock, or says who holds it. SQLite's own locks vanish with their process, on every system, where a file with
 * a number in it stays; so it is a transaction that never ends, in a file beside the baseline.
 */
export function takeLock(file: string, holder: string): Lock | { readonly heldBy: string } {
  const database = open(`${file}-lock`);
  try {
    // Whoever waits must be able to read who holds it, which nobody can in a transaction that has not ended.
    database.exec(
      'PRAGMA busy_timeout = 0; PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS holder (name TEXT) STRICT',
    );
    database.exec('BEGIN IMMEDIATE; DELETE FROM holder');
    database.prepare('INSERT INTO holder VALUES (?)').run([holder]);
    database.exec('COMMIT; BEGIN IMMEDIATE');
    return {
      release() {
        // To close it may take until its statements are collected as garbage.
        database.exec('ROLLBACK');
        database.close();
      },
    };
  } catch (error) {
    if (!isBusy(error)) {
      database.close();
      throw unwritable(`${file}-lock`, error);
    }
    const heldBy = holderIn(database);
    database.close();
    return { heldBy };
  }
}

function open(file: string): Libsql.Database {
  try {
    return new Libsql(file);
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

const unwritable = (file: string, cause: unknown): BaselineError =>
  new BaselineError(`${file}: cannot be written, and without it two runs could write the baseline at once`, { cause });

function holderIn(database: Libsql.Database): string {
  try {
    const row = database.prepare('SELECT name FROM holder').raw(true).get() as readonly unknown[] | undefined;
    return String(row?.[0] ?? NOBODY);
  } catch {
    return NOBODY;
  }
}

const NOBODY = 'another run';

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^SQLITE_(BUSY|LOCKED)/.test(String(error.code));

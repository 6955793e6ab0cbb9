import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What a second start tells the first. */
export interface SecondStart {
  readonly argv: string[];
  readonly cwd: string;
  readonly additionalData: unknown;
}

/**
 * The lock of the one app of a folder: a transaction on a file there, which the system ends with the process. False:
 * another one holds it, and has been told of this start.
 */
export function takeSingleInstance(folder: string, data: unknown, onSecond: (start: SecondStart) => void): boolean {
  const inbox = join(folder, 'starts');
  mkdirSync(inbox, { recursive: true });
  const list = (): string[] => readdirSync(inbox).filter((name) => name.endsWith('.json'));
  // Those were for a holder before: nobody can have met our lock yet.
  const old = list();
  const lock = new Database(join(folder, 'single-instance.db'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    const start: SecondStart = { argv: process.argv, cwd: process.cwd(), additionalData: data };
    const file = join(inbox, randomUUID());
    writeFileSync(`${file}.new`, JSON.stringify(start));
    renameSync(`${file}.new`, `${file}.json`);
    return false;
  }
  const takeAll = (): void => {
    for (const name of list()) {
      const file = join(inbox, name);
      const start: SecondStart = JSON.parse(readFileSync(file, 'utf8'));
      rmSync(file);
      onSecond(start);
    }
  };
  for (const name of old) rmSync(join(inbox, name), { force: true });
  watch(inbox, takeAll).unref();
  // What came before that.
  takeAll();
  process.once('exit', () => lock.close());
  return true;
}

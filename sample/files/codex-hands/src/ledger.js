import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

/** What the hands did, in a database of their own. */
export function openLedger() {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'data');
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'hands.sqlite'));
  database.exec(
    'CREATE TABLE IF NOT EXISTS actions (id INTEGER PRIMARY KEY AUTOINCREMENT, tool TEXT, target TEXT, result TEXT, createdAt TEXT)',
  );
  const insert = database.prepare('INSERT INTO actions (tool, target, result, createdAt) VALUES (?, ?, ?, ?)');
  const newest = database.prepare('SELECT * FROM actions ORDER BY id DESC LIMIT 20');

  return {
    add: ({ tool, target, result = 'ok' }) => {
      const { lastInsertRowid } = insert.run(String(tool), String(target), String(result), new Date().toISOString());
      return { ok: true, id: Number(lastInsertRowid) };
    },
    latest: () => newest.all(),
  };
}

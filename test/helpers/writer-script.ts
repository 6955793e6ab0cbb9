import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { WriterReport, WriterTask } from './writer-process.ts';

/** The other program: opens a database as an application does, and writes until it is told to stop, or is killed. */
const [file = '', journalMode, task = '', ratePerSecond, busyTimeoutMs, autocheckpoint] = process.argv.slice(2);

const db = new Database(file, { timeout: Number(busyTimeoutMs) });
db.pragma(`journal_mode = ${journalMode}`);
db.pragma('synchronous = OFF');
if (autocheckpoint === 'false') db.pragma('wal_autocheckpoint = 0');

let stopped = false;
let commits = 0;
let busyErrors = 0;
let longestMs = 0;

const report = (): WriterReport => ({ commits, busyErrors, longestMs });

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message === 'stop') stopped = true;
  if (message === 'reset') longestMs = 0;
  process.send?.(report());
});

const insert = db.prepare("INSERT INTO events (sessionId, kind, json, createdAt) VALUES ('s', 'TurnAppended', ?, ?)");
const take = db.prepare('UPDATE purse SET amount = amount - ? WHERE id = ?');
const give = db.prepare('UPDATE chest SET amount = amount + ? WHERE id = ?');

const tasks: Record<WriterTask, () => void> = {
  insert: () => void insert.run('x'.repeat(200), new Date().toISOString()),
  transfer: db.transaction(() => {
    const amount = Math.floor(Math.random() * 100);
    take.run(amount, 1 + Math.floor(Math.random() * 1000));
    give.run(amount, 1 + Math.floor(Math.random() * 1000));
  }),
  schema: () => {
    const column = `c${commits}`;
    db.exec(`ALTER TABLE documents ADD COLUMN ${column} TEXT`);
    db.exec(`ALTER TABLE documents DROP COLUMN ${column}`);
    if (commits % 10 === 0) db.exec('VACUUM');
  },
  'hold-exclusive': () => db.exec('BEGIN EXCLUSIVE'),
  'exclusive-mode': () => {
    db.pragma('locking_mode = EXCLUSIVE');
    insert.run('held', new Date().toISOString());
  },
  'open-transaction': () => writeWithoutCommit(),
  'half-commit': () => {
    insert.run('before the crash', new Date().toISOString());
    writeWithoutCommit();
  },
  idle: () => void db.prepare('SELECT count(*) FROM events').get(),
};

/** With one page of cache, the changes go to the file (or its WAL) at once. */
function writeWithoutCommit(): void {
  db.pragma('cache_size = 1');
  db.exec('BEGIN IMMEDIATE');
  db.exec("UPDATE events SET json = json || 'never committed'");
  db.exec('DELETE FROM purse');
}

async function run(): Promise<void> {
  const work = tasks[task as WriterTask];
  const lasting = ['insert', 'transfer', 'schema'].includes(task);
  if (!lasting) {
    work();
    process.send?.(report());
    setInterval(() => undefined, 1000);
    return;
  }
  process.send?.(report());
  const startedAt = performance.now();
  const rate = Number(ratePerSecond);
  while (!stopped) {
    const due = rate === 0 ? commits + 1 : ((performance.now() - startedAt) / 1000) * rate;
    if (due < commits + 1) await sleep(1);
    else commitOnce(work);
    if (commits % 16 === 0) await nextTurn();
  }
  db.close();
  process.disconnect();
}

function commitOnce(work: () => void): void {
  const before = performance.now();
  try {
    work();
    commits += 1;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('SQLITE_BUSY')) throw error;
    busyErrors += 1;
  }
  longestMs = Math.max(longestMs, performance.now() - before);
}

await run();

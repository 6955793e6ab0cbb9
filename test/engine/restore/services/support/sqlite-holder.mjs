// Opens the database named first, tells that it has, and keeps it open. A process of its own, as a service of Codex is.
import Database from 'better-sqlite3';

const db = new Database(process.argv[2]);
db.exec('CREATE TABLE IF NOT EXISTS events(id INTEGER PRIMARY KEY)');
if (process.argv[3] === 'wal') db.pragma('journal_mode = WAL');
process.on('SIGTERM', () => process.exit(0));
setInterval(() => db.prepare('SELECT count(*) FROM events').get(), 200);
console.log(`open ${process.pid}`);

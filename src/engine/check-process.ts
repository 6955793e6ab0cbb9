import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { reportError, systemErrorCode } from '../shared/app-error.ts';
import { checkDatabaseFile } from './brain/check-database-file.ts';
import type { CheckReply, CheckRequest } from './brain/check-messages.ts';
import { loadSqlite } from './brain/open-database.ts';

/**
 * Entry of the check process: answers one request at a time, and lives no longer than the process that started it.
 * It may be killed at any moment.
 */
const longCheckBytes = 16_000_000;
const parent = process.ppid;
let watching = false;

loadSqlite();

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole terminal group; what it means is for the parent to decide.
process.on('SIGINT', () => undefined);
process.on('message', (request: CheckRequest) => {
  answer(request).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.(failed(request, error)),
  );
});

async function answer(request: CheckRequest): Promise<CheckReply> {
  if (request.untrusted || statSync(request.file).size > longCheckBytes) endWithParent();
  return { id: request.id, kind: 'checked', check: await checkDatabaseFile(request) };
}

function failed({ id }: CheckRequest, error: unknown): CheckReply {
  return { id, kind: 'failed', systemCode: systemErrorCode(error) ?? '', message: reportError(error).message };
}

/** SQLite blocks this thread, so another one looks whether the parent is still there. */
function endWithParent(): void {
  if (watching) return;
  watching = true;
  const code = `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, 'SIGKILL'); }, 500);`;
  new Worker(code, { eval: true }).unref();
}

import { existsSync, writeFileSync } from 'node:fs';

/**
 * A named place at which a test can end or hold this process. `CODEX_BACKUP_FAIL_POINT` is `kill:NAME` (SIGKILL at
 * once), or `hold:NAME:FILE` (writes FILE, an absolute path, and waits there until it is gone). Names look like
 * `snapshot:staged`. Without the variable it does nothing.
 */
export function failPoint(name: string): void {
  const wanted = process.env['CODEX_BACKUP_FAIL_POINT'];
  if (wanted === undefined) return;
  if (wanted === `kill:${name}`) process.kill(process.pid, 'SIGKILL');
  if (hasHeld || !wanted.startsWith(`hold:${name}:/`)) return;
  hasHeld = true;
  holdUntilGone(wanted.slice(`hold:${name}:`.length));
}

/** A place that is come by again does not hold again: the test has let the process go. */
let hasHeld = false;

function holdUntilGone(file: string): void {
  writeFileSync(file, String(process.pid));
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(file)) Atomics.wait(cell, 0, 0, 20);
}

import { readdirSync, readFileSync } from 'node:fs';

/** Whether that process runs; one that has ended and whose end nobody has looked at yet doesn't. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // While one of its threads is still at its end, it holds its files and locks.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return process.platform !== 'linux';
  }
}

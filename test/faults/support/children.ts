import { readFileSync } from 'node:fs';
import { findProcessesIn } from '../../helpers/find-processes-in.ts';
import { waitUntil } from '../../helpers/sample.ts';

/** Waits until no process works in that folder any more: neither a command nor what it started. */
export function waitForNobody(folder: string): Promise<void> {
  return waitUntil(`no process in ${folder}`, () => findProcessesIn(folder).length === 0);
}

/** True when a process with this id is there; one that has ended and waits to be collected is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // it ended, between the two looks too
  }
}

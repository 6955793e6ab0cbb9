import { findProcessesIn } from '../../helpers/find-processes-in.ts';
import { waitUntil } from '../../helpers/sample.ts';

/** Waits until no process works in that folder any more: neither a command nor what it started. */
export function waitForNobody(folder: string): Promise<void> {
  return waitUntil(`no process in ${folder}`, () => findProcessesIn(folder).length === 0);
}

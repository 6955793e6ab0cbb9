import { runCommand } from './run-command.ts';

/** Has the system write everything that waits for the disk. */
export async function flushDisk(): Promise<void> {
  await runCommand('sync', []);
}

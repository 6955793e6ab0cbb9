import { readFileSync, readlinkSync } from 'node:fs';
import { unlessHidden } from './proc.linux.ts';
import type { CallerFacts } from './trigger-source.ts';

/** Working folder and command line of a process, as far as it still runs and lets us see them (proc(5)). */
export function readProcessFacts(pid: number): Pick<CallerFacts, 'cwd' | 'command'> {
  const cwd = unlessHidden(() => readlinkSync(`/proc/${pid}/cwd`));
  const command = unlessHidden(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim());
  return { ...(cwd === undefined ? {} : { cwd }), ...(command === undefined ? {} : { command }) };
}

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { CallerFacts } from './trigger-source.ts';

/** Working folder and command line of a process, as far as it still runs and lets us see them (lsof(8), ps(1)). */
export function readProcessFacts(pid: number): Pick<CallerFacts, 'cwd' | 'command'> {
  const cwd = parseName(run(lsof, ['-a', '-p', String(pid), '-d', 'cwd', '-Fn']));
  const command = run('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]).trim();
  return { ...(cwd === undefined ? {} : { cwd }), ...(command === '' ? {} : { command }) };
}

/** Absolute, because an app that was started from the Finder has a short PATH. */
const lsof = existsSync('/usr/sbin/lsof') ? '/usr/sbin/lsof' : '/usr/bin/lsof';

/** The name in `lsof -F` output: one line per field, its letter first. */
function parseName(fields: string): string | undefined {
  const line = fields.split('\n').find((field) => field.startsWith('n'));
  return line?.slice(1);
}

/** What a command prints; nothing when it fails, as it does for a process that has ended. */
function run(command: string, parameters: readonly string[]): string {
  // Outside of a UTF-8 locale, as under cron or in CI, lsof writes the bytes of a name as \x escapes.
  const env = { ...process.env, LC_ALL: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8' };
  const { status, stdout } = spawnSync(command, parameters, { encoding: 'utf8', timeout: 5000, env });
  return status === 0 ? stdout : '';
}

import { execFile } from 'node:child_process';
import { AppError } from '../../shared/app-error.ts';
import type { Mark, RunningProcess } from './process-list.ts';

/** Asks ps(1). `lstart` has always 24 characters in the C locale; in UTC it doesn't change with the time zone. */
export async function listProcesses(): Promise<readonly RunningProcess[]> {
  return parseProcesses(await runPs(['-axo', 'pid=,ppid=,pgid=,stat=,lstart=,comm=']));
}

/** `ps -E` prints the environment behind the command line, for programs that the system doesn't protect. */
export async function findMarked({ name, value }: Mark): Promise<readonly number[]> {
  const lines = (await runPs(['-axwwE', '-o', 'pid=,command='])).split('\n');
  return lines.filter((line) => `${line} `.includes(` ${name}=${value} `)).map((line) => Number.parseInt(line, 10));
}

/** `lstart`, in UTC: `Thu Nov 26 09:01:02 2026`. */
export function beganAtMs({ startedAt }: RunningProcess): number {
  return Date.parse(`${startedAt} UTC`);
}

export function parseProcesses(output: string): readonly RunningProcess[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.{24}) (.*)$/.exec(line);
    if (match === null || match[4]?.startsWith('Z')) return [];
    const [, pid, parent, group, , startedAt = '', command = ''] = match;
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), startedAt, command }];
  });
}

function runPs(parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { LC_ALL: 'C', TZ: 'UTC0' };
    execFile('/bin/ps', parameters, { env, timeout: 10_000, maxBuffer: 64_000_000 }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new AppError('io', 'ps could not tell which processes run.', { cause: error }));
    });
  });
}

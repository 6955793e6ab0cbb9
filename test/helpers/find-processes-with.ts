import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isRunning } from './is-running.ts';

/** The processes that were started with `assignment`, such as `NAME=value`, in their environment, but for this one. */
export function findProcessesWith(assignment: string): readonly number[] {
  const found = process.platform === 'linux' ? searchProc(assignment) : searchPs(assignment);
  return found.filter((pid) => pid !== process.pid && isRunning(pid));
}

function searchProc(assignment: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(assignment);
    } catch {
      return false; // it ended meanwhile, or belongs to another user
    }
  });
}

function searchPs(assignment: string): readonly number[] {
  const { stdout } = spawnSync('ps', ['-axEww', '-o', 'pid=,command='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => (line.includes(` ${assignment}`) ? [Number.parseInt(line, 10)] : []));
}

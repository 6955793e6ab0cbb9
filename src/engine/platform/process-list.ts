import * as darwin from './process-list.darwin.ts';
import * as linux from './process-list.linux.ts';

/** A process that runs now; one that has ended and only waits to be reaped is not listed. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its process group. */
  readonly group: number;
  /** When it began, in the system's own words: together with the pid it names one process, across restarts too. */
  readonly startedAt: string;
  readonly command: string;
}

/** A variable in the environment that processes inherit and by which they are found again. */
export interface Mark {
  readonly name: string;
  readonly value: string;
}

const system = process.platform === 'darwin' ? darwin : linux;

/** All running processes that this user may see. */
export const listProcesses: () => Promise<readonly RunningProcess[]> = system.listProcesses;

/** When it began, in milliseconds since 1970; right to a second or two. */
export const beganAtMs: (process: RunningProcess) => number = system.beganAtMs;

/** The pids of running processes that have this variable in the environment they began with, as far as it can be read. */
export const findMarked: (mark: Mark) => Promise<readonly number[]> = system.findMarked;

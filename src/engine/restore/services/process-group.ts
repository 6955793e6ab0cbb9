import { randomBytes } from 'node:crypto';
import { type EndOptions, endProcesses } from '../../platform/end-processes.ts';
import { findMarked, listProcesses, type RunningProcess } from '../../platform/process-list.ts';

/** A command's processes, as the journal keeps them: enough to find them again, and no stranger in their place. */
export interface ProcessGroup {
  /** The group, which is also the pid of the command itself. */
  readonly group: number;
  /** When the command began, in the system's words; a process with the same pid and another start is not ours. */
  readonly startedAt: string;
  /** Value of a variable in the environment of the command and of whatever it starts, in other groups too. */
  readonly mark: string;
}

/** The variable by which processes that left the group, or were left by their parent, are found again. */
export const markVariable = 'CODEX_RESTORE_MARK';

export const createMark = (): string => randomBytes(12).toString('hex');

/** Describes the group that a process just started leads; undefined if it has ended already. */
export async function describeGroup(pid: number, mark: string): Promise<ProcessGroup | undefined> {
  const leader = (await listProcesses()).find((each) => each.pid === pid);
  return leader === undefined ? undefined : { group: pid, startedAt: leader.startedAt, mark };
}

export interface EndedGroup {
  /** Processes that could not be ended. */
  readonly survivors: readonly RunningProcess[];
}

/**
 * Ends what a command left behind, also one of an earlier process of ours that the journal names. A group whose number
 * has gone to others is left alone; what carries the mark is ended wherever it is.
 */
export async function endGroup(left: ProcessGroup, { graceMs = 3000 }: Partial<EndOptions> = {}): Promise<EndedGroup> {
  const survivors = await endProcesses(
    async (running) => {
      const marked = new Set(await findMarked({ name: markVariable, value: left.mark }));
      const isOurs = running.some(({ pid, startedAt }) => pid === left.group && startedAt === left.startedAt);
      return running.filter(({ pid, group }) => marked.has(pid) || (isOurs && group === left.group));
    },
    { graceMs },
  );
  return { survivors };
}

/**
 * Ends what is left in the group of a command that has just ended. What it put into a session of its own, as daemons
 * are, goes on.
 */
export async function endRemainders({ group, startedAt }: ProcessGroup): Promise<EndedGroup> {
  const survivors = await endProcesses(
    async (running) => {
      // While a group has members the system gives its number to nobody else; a new leader means that ours is gone.
      const leader = running.find(({ pid }) => pid === group);
      const isOurs = leader === undefined || leader.startedAt === startedAt;
      return isOurs ? running.filter((each) => each.group === group) : [];
    },
    { graceMs: 500 },
  );
  return { survivors };
}

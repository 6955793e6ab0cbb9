import { setTimeout } from 'node:timers/promises';
import { systemErrorCode } from '../../shared/app-error.ts';
import { listProcesses, type RunningProcess } from './process-list.ts';

export interface EndOptions {
  /** How long a process may take to end by itself after SIGTERM. */
  readonly graceMs: number;
  /** How long to go on with SIGKILL; a process that hangs in the kernel outlives even that. */
  readonly limitMs?: number;
}

/**
 * Ends the processes that `find` picks, those that they start meanwhile included: SIGTERM, and SIGKILL after a while,
 * until none is left. Returns those that could not be ended.
 */
export async function endProcesses(
  find: (running: readonly RunningProcess[]) => Promise<readonly RunningProcess[]>,
  { graceMs, limitMs = 5000 }: EndOptions,
): Promise<readonly RunningProcess[]> {
  const beganMs = performance.now();
  // Kept over the rounds: when a parent has ended, nothing tells any longer that its children belong to it.
  const known = new Map<string, RunningProcess>();
  const asked = new Set<string>();
  let wereKilled = false;
  for (let round = 0; ; round += 1) {
    const left = await findLeft(find, known);
    const sinceMs = performance.now() - beganMs;
    // Also where listing them took all of the time: none is given up that was not killed.
    if (left.length === 0 || (wereKilled && sinceMs > graceMs + limitMs)) return left;
    const isGraceOver = sinceMs >= graceMs;
    wereKilled ||= isGraceOver;
    for (const found of left) {
      if (isGraceOver) send(found, 'SIGKILL');
      else if (!asked.has(processKey(found))) {
        asked.add(processKey(found));
        send(found, 'SIGTERM');
        send(found, 'SIGCONT'); // one that is stopped would never see the first
      }
    }
    await setTimeout(Math.min(10 * 2 ** round, 100));
  }
}

async function findLeft(
  find: (running: readonly RunningProcess[]) => Promise<readonly RunningProcess[]>,
  known: Map<string, RunningProcess>,
): Promise<readonly RunningProcess[]> {
  const running = (await listProcesses()).filter(({ pid }) => pid > 1 && pid !== process.pid);
  const found = await find(running);
  for (const each of withDescendants(running, [...found, ...known.values()])) known.set(processKey(each), each);
  return running.filter((each) => known.has(processKey(each)));
}

/** Those of `running` that are among `roots`, or were started by one of them, in whatever group they are now. */
function withDescendants(
  running: readonly RunningProcess[],
  roots: readonly RunningProcess[],
): readonly RunningProcess[] {
  const keys = new Set(roots.map(processKey));
  const chosen = running.filter((each) => keys.has(processKey(each)));
  const pids = new Set(chosen.map(({ pid }) => pid));
  for (let grown = true; grown; ) {
    const children = running.filter(({ pid, parent }) => pids.has(parent) && !pids.has(pid));
    for (const child of children) pids.add(child.pid);
    chosen.push(...children);
    grown = children.length > 0;
  }
  return chosen;
}

/** Names one process: a pid alone may belong to another one by now. */
const processKey = ({ pid, startedAt }: RunningProcess): string => `${pid}@${startedAt}`;

function send({ pid }: RunningProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended meanwhile, or isn't ours to end: then it is among those that are left.
    if (!['ESRCH', 'EPERM'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

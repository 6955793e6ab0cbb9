import { readProcessFacts as readOnDarwin } from './process-facts.darwin.ts';
import { readProcessFacts as readOnLinux } from './process-facts.linux.ts';
import type { CallerFacts } from './trigger-source.ts';

/** Set by the hand-over script that `link` writes: the process id of whoever started that script. */
export const callerPidVariable = 'CODEX_BACKUP_CALLER_PID';

/** The facts for `detectTrigger`: about the caller of the hand-over script, else about our own parent. */
export function readCallerFacts(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  parentPid: number = process.ppid,
): CallerFacts {
  const pid = Number(environment[callerPidVariable] ?? parentPid);
  const lifecycleEvent = environment['npm_lifecycle_event'];
  const readProcessFacts = process.platform === 'darwin' ? readOnDarwin : readOnLinux;
  return {
    ...(Number.isSafeInteger(pid) && pid > 1 ? readProcessFacts(pid) : {}),
    ...(lifecycleEvent === undefined ? {} : { lifecycleEvent }),
  };
}

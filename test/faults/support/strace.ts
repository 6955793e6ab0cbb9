import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';

/** Why system calls can't be traced or made to fail here; undefined where they can. */
export const whyNoStrace = findObstacle();

function findObstacle(): string | undefined {
  const { status } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']);
  if (status !== 0) return 'strace is missing or not allowed';
  const scope = '/proc/sys/kernel/yama/ptrace_scope';
  const mayAttach = process.getuid?.() === 0 || !existsSync(scope) || readFileSync(scope, 'utf8').trim() === '0';
  return mayAttach ? undefined : 'strace may not attach to a running process';
}

export interface Injection {
  /** Such as `fsync`, or several with commas. */
  readonly calls: string;
  readonly error: string;
  /** Which call of each thread fails: `3`, or `3+` for that and all after it. */
  readonly when: string;
  /** Only calls on this file; else on all. */
  readonly path?: string | undefined;
}

/** Lets system calls of a running process, and of what it starts, fail. The answer ends that, and tells how many did. */
export async function injectFaults(
  child: ChildProcess,
  traceFile: string,
  { calls, error, when, path }: Injection,
): Promise<() => Promise<number>> {
  const inject = `inject=${calls}:error=${error}:when=${when}`;
  const parameters = ['-f', '-y', '-o', traceFile, '-e', `trace=${calls}`, '-e', inject, '-p', String(child.pid)];
  if (path !== undefined) parameters.push('-P', path);
  const strace = spawn('strace', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(strace, 'exit');
  await once(strace.stderr, 'data');
  return async () => {
    // strace 6.1 may wait for ever when it is asked to end; what it traced goes on without it, and its file is flushed.
    strace.kill('SIGKILL');
    await ended;
    return readFileSync(traceFile, 'utf8').split('(INJECTED)').length - 1;
  };
}

import { spawn } from 'node:child_process';

export interface AskOptions {
  readonly limitMs?: number;
  /** What asks; the path comes after it. */
  readonly command?: readonly [string, ...string[]];
}

/** Whoever was asked and has not answered yet, by path: a process that waits for a dead server can not even be killed. */
const waiting = new Set<string>();

/**
 * Whether the file system answers that a path is on, with whatever answer. A share whose server is gone holds up each
 * thread that touches it, and with it all looks at the Brain: so a process is sent to ask, and given up after a few seconds.
 */
export function mountAnswers(path: string, options: AskOptions = {}): Promise<boolean> {
  const { limitMs = 5000, command = ['/bin/ls', '-d', '--'] } = options;
  if (waiting.has(path)) return Promise.resolve(false);
  const [program, ...parameters] = command;
  return new Promise((resolve) => {
    const child = spawn(program, [...parameters, path], { stdio: 'ignore' });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      resolve(false);
    }, limitMs);
    const answered = (): void => {
      waiting.delete(path);
      clearTimeout(timer);
      resolve(true);
    };
    waiting.add(path);
    child.once('exit', answered);
    // Where nobody can be sent to ask, it is asked as ever.
    child.once('error', answered);
  });
}

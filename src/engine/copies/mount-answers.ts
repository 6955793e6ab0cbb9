import { spawn } from 'node:child_process';

export interface AskOptions {
  readonly limitMs?: number;
  /** What asks; the path comes after it. */
  readonly command?: readonly [string, ...string[]];
}

/** What is being asked, by path, until who was sent has come back: one who waits for a dead server can not even be killed. */
const asked = new Map<string, Promise<boolean>>();

/**
 * Whether the file system answers that a path is on, with whatever answer. A share whose server is gone holds up each
 * thread that touches it, and with it all looks at the Brain: so a process is sent to ask, and given up after a few
 * seconds. Whoever asks meanwhile gets the same answer.
 */
export function mountAnswers(path: string, options: AskOptions = {}): Promise<boolean> {
  const running = asked.get(path);
  if (running !== undefined) return running;
  const { limitMs = 10_000, command = ['/bin/ls', '-d', '--'] } = options;
  const [program, ...parameters] = command;
  const answer = new Promise<boolean>((resolve) => {
    const child = spawn(program, [...parameters, path], { stdio: 'ignore' });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      resolve(false);
    }, limitMs);
    const answered = (): void => {
      asked.delete(path);
      clearTimeout(timer);
      resolve(true);
    };
    child.once('exit', answered);
    // Where nobody can be sent to ask, it is asked as ever.
    child.once('error', answered);
  });
  asked.set(path, answer);
  return answer;
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Another process that commits to a database all the time. */
export interface Writer {
  /** Forgets the commits until now. */
  begin(): void;
  /** How long each commit since `begin` took, in milliseconds. */
  report(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** Starts a writer, and waits until it is at work. */
export async function startWriter(file: string, commitsPerSecond: number): Promise<Writer> {
  const script = fileURLToPath(new URL('./writer-process.ts', import.meta.url));
  const child = fork(script, [file, String(commitsPerSecond)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await nextMessage(child);
  return {
    begin: () => void child.send('begin'),
    report: async () => {
      const answer = nextMessage(child);
      child.send('report');
      const latencies = await answer;
      return Array.isArray(latencies) ? latencies.filter((value) => typeof value === 'number') : [];
    },
    stop: async () => {
      const exit = once(child, 'exit');
      child.send('end');
      const [code] = await exit;
      if (code !== 0) throw new Error(`The writer ended with ${code}.`);
    },
  };
}

/** Rejects when the child ends without one. */
async function nextMessage(child: ChildProcess): Promise<unknown> {
  const listening = new AbortController();
  const { signal } = listening;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`The writer ended with ${code} instead of answering.`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message;
  } finally {
    listening.abort();
    ended.catch(() => undefined);
  }
}

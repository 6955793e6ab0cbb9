import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { waitFor } from './command-place.ts';

/** A process of the test's own that holds something; it is ended with the test. */
export interface Holder {
  readonly pid: number;
  output(): string;
  isRunning(): boolean;
  kill(): void;
}

/** Starts `sqlite-holder.mjs` or `port-holder.mjs` and waits for its first line. */
export async function spawnHolder(script: string, ...parameters: readonly string[]): Promise<Holder> {
  let output = '';
  const child = spawn(process.execPath, [holderScript(script), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  onTestFinished(kill);
  await waitFor(`${script} to begin`, () => output.includes('\n'));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return { pid: child.pid ?? 0, output: () => output, isRunning, kill };
}

export const holderScript = (name: string): string => join(import.meta.dirname, name);

/** The port that a `port-holder.mjs` told. */
export const portOf = ({ output }: Holder): number => Number(/listening (\d+)/.exec(output())?.[1]);

/** A port that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

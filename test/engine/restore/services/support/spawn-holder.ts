import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { chooseWorkerPorts } from '../../../../helpers/worker-ports.ts';
import { waitFor } from './command-place.ts';

/** A process of the test's own that holds something; it is ended with the test. */
export interface Holder {
  readonly pid: number;
  output(): string;
  isRunning(): boolean;
  /** Ends it; when the answer is there, it holds nothing any more. */
  kill(): Promise<void>;
}

/** Starts one of the holders beside this file and waits for its first line. */
export async function spawnHolder(script: string, ...parameters: readonly string[]): Promise<Holder> {
  let output = '';
  const child = spawn(process.execPath, [holderScript(script), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  await waitFor(`${script} to begin`, () => output.includes('\n'));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return { pid: child.pid ?? 0, output: () => output, isRunning, kill };
}

export const holderScript = (name: string): string => join(import.meta.dirname, name);

/** Starts a `port-holder.mjs` on a free port, for that long (for ever: '') and on that host. */
export async function spawnPortHolder(...parameters: readonly string[]): Promise<Holder> {
  return spawnHolder('port-holder.mjs', String(await findFreePort()), ...parameters);
}

/** The port that a `port-holder.mjs` told. */
export const portOf = ({ output }: Holder): number => Number(/listening (\d+)/.exec(output())?.[1]);

/** A port that nobody listens on now, of those that only this test worker takes. */
export async function findFreePort(): Promise<number> {
  return (await chooseWorkerPorts()).brain;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** File for its standard output; else that is thrown away. */
  readonly stdout?: string;
  /** Exit codes besides 0 that count as done. */
  readonly alsoDone?: readonly number[];
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs a program to its end, and answers how many milliseconds that took. Rejects with what it said if it fails. */
export async function runCommand(
  program: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<number> {
  const { cwd, env, alsoDone = [], onStart } = options;
  const output = openSync(options.stdout ?? devNull, 'w');
  try {
    const start = performance.now();
    const child = spawn(program, parameters, { cwd, env: env ?? process.env, stdio: ['ignore', output, 'pipe'] });
    onStart?.(child);
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0 || alsoDone.includes(code ?? -1)) resolve(performance.now() - start);
      else reject(new Error(`${program} ${parameters.join(' ')} ended with ${signal ?? code}: ${complaint}`));
    });
    return await promise;
  } finally {
    closeSync(output);
  }
}

/** As runCommand, and reads what the program wrote to `file`. */
export async function readCommand(
  program: string,
  parameters: readonly string[],
  file: string,
  options: CommandOptions = {},
): Promise<string> {
  await runCommand(program, parameters, { ...options, stdout: file });
  return readFileSync(file, 'utf8');
}

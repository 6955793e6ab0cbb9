import { spawn } from 'node:child_process';

/** How a program ended, and after how long. */
export interface ProgramEnd {
  readonly code: number;
  readonly ranMs: number;
  /** Somebody has ended it. */
  readonly wasEnded: boolean;
}

/** Runs a program in this terminal. Signals of the terminal reach both; those of others are passed on. */
export function runProgram(
  command: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ProgramEnd> {
  const startedMs = performance.now();
  const child = spawn(command, parameters, { env, stdio: 'inherit' });
  let wasEnded = false;
  const passOn = (signal: NodeJS.Signals): void => {
    wasEnded = true;
    if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      for (const signal of signals) process.off(signal, passOn);
      resolve({ code: code ?? 1, ranMs: performance.now() - startedMs, wasEnded });
    });
  });
}

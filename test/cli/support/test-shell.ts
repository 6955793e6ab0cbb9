import { PassThrough } from 'node:stream';
import { main } from '../../../src/cli/main.ts';
import type { Shell, ShellEngineOptions } from '../../../src/cli/shell.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { createMemoryEngine } from './memory-engine.ts';

export interface TestShell extends Shell {
  readonly stdin: PassThrough;
  /** What was printed so far. */
  out(): string;
  err(): string;
  interrupt(): void;
  crash(error: unknown): void;
  readonly engines: ShellEngineOptions[];
  readonly exits: number[];
}

/** A shell in memory; `changes` replace parts of it. */
export function createTestShell(answers: Partial<Engine> = {}, changes: Omit<Partial<Shell>, 'stdin'> = {}): TestShell {
  const stdout = collect();
  const stderr = collect();
  const interrupts = new Set<() => void>();
  const crashes = new Set<(error: unknown) => void>();
  const engines: ShellEngineOptions[] = [];
  const exits: number[] = [];
  return {
    stdin: new PassThrough(),
    stdout: stdout.stream,
    stderr: stderr.stream,
    terminals: { stdin: false, stdout: false, stderr: false },
    columns: undefined,
    env: {},
    now: () => Date.parse('2025-11-22T03:48:00.000Z'),
    createEngine: async (options) => {
      engines.push(options);
      return createMemoryEngine(answers);
    },
    createSample: async (folder) => ({ root: folder }),
    detectTrigger: async () => 'manual',
    openAppAfterBoot: async () => undefined,
    logDefect: async () => '/app-home/logs',
    onInterrupt: listenIn(interrupts),
    onCrash: listenIn(crashes),
    exitNow: (code) => exits.push(code),
    ...changes,
    out: stdout.text,
    err: stderr.text,
    interrupt: () => {
      for (const listener of interrupts) listener();
    },
    crash: (error) => {
      for (const listener of crashes) listener(error);
    },
    engines,
    exits,
  };
}

export interface Ending {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line to its end. */
export async function runMain(argv: readonly string[], shell: TestShell): Promise<Ending> {
  const code = await main(argv, shell);
  return { code, out: shell.out(), err: shell.err() };
}

function collect(): { readonly stream: PassThrough; readonly text: () => string } {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return { stream, text: () => text };
}

function listenIn<T>(listeners: Set<T>): (listener: T) => () => void {
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

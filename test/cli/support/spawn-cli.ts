import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const launcher = join(import.meta.dirname, '../../../bin/codex-backup.js');

export interface CliEnding {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A place of its own for the real command line: home, app home, temporary files and working folder. */
export interface CliPlace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Starts `codex-backup` with these arguments. */
  start(args: readonly string[], environment?: NodeJS.ProcessEnv): ChildProcess;
  /** Starts it and waits for its end. */
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<CliEnding>;
  /** Runs it with `--json` and reads the one document that it printed. */
  json(args: readonly string[]): Promise<{ readonly code: number | null; readonly document: Record<string, unknown> }>;
  dispose(): void;
}

export function createCliPlace(): CliPlace {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'codex-cli-test-'));
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_OPTIONS$|CODEX_|VITEST|NO_COLOR)/.test(name),
  );
  const env = { ...Object.fromEntries(own), HOME: folder, TMPDIR: folder, CODEX_BACKUP_HOME: join(folder, 'app') };
  const start = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    spawn(process.execPath, [launcher, ...args], { cwd: folder, env: { ...env, ...environment } });
  const run = (args: readonly string[], environment?: NodeJS.ProcessEnv) => endingOf(start(args, environment));
  return {
    folder,
    env,
    start,
    run,
    json: async (args) => {
      const { code, out } = await run([...args, '--json']);
      return { code, document: JSON.parse(out) };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}

/** What a process printed, and how it ended. */
export function endingOf(child: ChildProcess): Promise<CliEnding> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}

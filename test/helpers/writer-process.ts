import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * What the other program does. `insert` a row and `transfer` between two tables commit on and on, `schema` alters and
 * vacuums; `hold-exclusive`, `exclusive-mode`, `open-transaction`, `half-commit` and `idle` do one thing and stay.
 */
export type WriterTask =
  | 'insert'
  | 'transfer'
  | 'schema'
  | 'hold-exclusive'
  | 'exclusive-mode'
  | 'open-transaction'
  | 'half-commit'
  | 'idle';

export interface WriterReport {
  readonly commits: number;
  readonly busyErrors: number;
  readonly longestMs: number;
}

export interface WriterOptions {
  readonly file: string;
  readonly journalMode: 'wal' | 'delete';
  readonly task: WriterTask;
  /** As fast as it can when 0. */
  readonly ratePerSecond?: number;
  readonly busyTimeoutMs?: number;
  /** False keeps the WAL of a writer out of its file. */
  readonly autocheckpoint?: boolean;
}

export interface Writer {
  readonly pid: number;
  /** What it has done; the proof that it wrote meanwhile. `fresh` forgets the waits so far. */
  report(fresh?: boolean): Promise<WriterReport>;
  stop(): Promise<void>;
  /** SIGKILL, as in a crash. */
  kill(): Promise<void>;
}

/** Starts another program that uses a database made by `createBrain`; resolves when it does its task. */
export async function startWriter(options: WriterOptions): Promise<Writer> {
  const { file, journalMode, task, ratePerSecond = 0, busyTimeoutMs = 5000, autocheckpoint = true } = options;
  const script = fileURLToPath(new URL('./writer-script.ts', import.meta.url));
  const parameters = [file, journalMode, task, ratePerSecond, busyTimeoutMs, autocheckpoint].map(String);
  const child = fork(script, parameters, { execArgv: [] });
  await nextReport(child);
  return {
    pid: child.pid ?? 0,
    report: async (fresh = false) => {
      const report = nextReport(child);
      child.send(fresh ? 'reset' : 'report');
      return report;
    },
    stop: () => end(child, () => child.send('stop')),
    kill: () => end(child, () => child.kill('SIGKILL')),
  };
}

async function nextReport(child: ChildProcess): Promise<WriterReport> {
  const abort = new AbortController();
  const ended = once(child, 'exit', { signal: abort.signal }).then(([code, signal]) => {
    throw new Error(`the writer ended: ${String(code ?? signal)}`);
  });
  ended.catch(() => undefined);
  try {
    const [report]: WriterReport[] = await Promise.race([once(child, 'message', { signal: abort.signal }), ended]);
    if (report === undefined) throw new Error('the writer sent nothing');
    return report;
  } finally {
    abort.abort();
  }
}

async function end(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  ask();
  await ended;
}

import type { Readable, Writable } from 'node:stream';
import type { Engine } from '../engine/engine.ts';
import type { Trigger } from '../shared/model.ts';
import type { Folders } from './command.ts';

/** What the command line needs of its process and of the engine; tests bring their own. */
export interface Shell {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Which of the streams are a person's terminal. */
  readonly terminals: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Columns of the terminal. */
  readonly columns: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  now(): number;
  createEngine(options: ShellEngineOptions): Promise<Engine>;
  createSample(folder: string): Promise<{ readonly root: string }>;
  detectTrigger(): Promise<Trigger>;
  /** Opens the menubar app in the background where Codex's Boot Manager has called, and it is there and doesn't run. */
  openAppAfterBoot(): Promise<void>;
  /** Writes to the log; answers in which folder it is. */
  logDefect(text: string): Promise<string>;
  /** Calls back at each SIGINT, SIGTERM and SIGHUP, until the answer is called. */
  onInterrupt(listener: () => void): () => void;
  /** Calls back for what nobody caught, until the answer is called. */
  onCrash(listener: (error: unknown) => void): () => void;
  exitNow(code: number): void;
}

export interface ShellEngineOptions extends Folders {
  /** For `--verbose`; without it the engine keeps its own log. */
  readonly logger?: LineLogger;
}

/** The engine's logger, over lines of text. */
export interface LineLogger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

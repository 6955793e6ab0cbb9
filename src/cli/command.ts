import type { Engine } from '../engine/engine.ts';
import type { Trigger } from '../shared/model.ts';
import type { OnProgress } from '../shared/progress.ts';
import type { CommandInput } from './command-input.ts';
import type { ExitCode } from './exit-codes.ts';
import type { TextStyle } from './output/text-style.ts';

/** One command of the command line: one file under commands/, and one line in command-list.ts. */
export interface Command {
  /** Positional arguments in commander's notation: `<id>`, `[path]`, `[ids...]`. */
  readonly arguments: readonly CommandWord[];
  readonly options: readonly CommandWord[];
  run(context: CommandContext): Promise<Outcome>;
}

export interface CommandWord {
  /** Commander's notation, such as `--limit <n>`. */
  readonly spec: string;
  readonly describe: string;
  /** The only values that are taken. */
  readonly choices?: readonly string[];
}

/** What a command ended with: the same facts as data for `--json` and as text for people. */
export interface Outcome {
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: (style: TextStyle) => string;
  readonly exitCode?: ExitCode;
  /** True when the text only confirms what was done, so that `--quiet` drops it. */
  readonly confirms?: boolean;
}

/** All that a command may touch. */
export interface CommandContext {
  readonly input: CommandInput;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Those of the command line. */
  readonly folders: Folders;
  readonly env: NodeJS.ProcessEnv;
  now(): number;
  /** The engine for the folders named on the command line; it is loaded by the first call, and closed by main. */
  engine(): Promise<Engine>;
  /** An engine for other folders, likewise. */
  engineFor(folders: Folders): Promise<Engine>;
  detectTrigger(): Promise<Trigger>;
  /** Opens the menubar app in the background where Codex's Boot Manager has called, and it is there and doesn't run. */
  openAppAfterBoot(): Promise<void>;
  createSample(folder: string): Promise<{ readonly root: string }>;
  /** Asks the person at the terminal; undefined where nobody can answer. */
  readonly confirm: ((question: string | ((style: TextStyle) => string)) => Promise<boolean>) | undefined;
  /** Calls back at each Enter of the person at the terminal, until the answer is called; undefined where nobody is. */
  readonly onEnter: ((listener: () => void) => () => void) | undefined;
  /** Writes a line to standard error: as text, or with `--json` as one JSON object; nothing with `--quiet`. */
  report(line: CommandLine): void;
  /** Writes raw bytes to standard output, as fast as its reader takes them. */
  write(content: AsyncIterable<Uint8Array>): Promise<void>;
}

/** A line that a command prints while it runs. */
export interface CommandLine {
  readonly data: Readonly<Record<string, unknown>>;
  /** Empty where it is worth no line to a person. */
  readonly text: (style: TextStyle) => string;
}

/** Absolute paths; what is undefined is found as the design says. */
export interface Folders {
  readonly root?: string;
  readonly backups?: string;
  /** The app home; else that of the process. */
  readonly home?: string;
  /** Else the variables of the process. */
  readonly env?: NodeJS.ProcessEnv;
}

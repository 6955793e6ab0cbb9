import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Engine } from '../engine/engine.ts';
import { AppError } from '../shared/app-error.ts';
import { ask } from './ask.ts';
import type { Command, CommandContext, Folders, Outcome } from './command.ts';
import type { CommandInput } from './command-input.ts';
import type { Modes } from './modes.ts';
import type { Printer } from './output/printer.ts';
import type { Shell } from './shell.ts';

export interface Surroundings {
  readonly shell: Shell;
  readonly modes: Modes;
  readonly printer: Printer;
  readonly signal: AbortSignal;
}

/** Runs one command, and closes the engines that it opened, however it ends. */
export async function runCommand(command: Command, input: CommandInput, around: Surroundings): Promise<Outcome> {
  const { shell, modes, printer, signal } = around;
  const engines: Engine[] = [];
  const engineFor = async (folders: Folders) => {
    const engine = await shell.createEngine(modes.verbose ? { ...folders, logger: printer.logger } : folders);
    engines.push(engine);
    return engine;
  };
  const folders = namedFolders(input);
  const context: CommandContext = {
    input,
    signal,
    folders,
    env: shell.env,
    now: shell.now,
    onProgress: printer.progress.onProgress,
    engine: () => engineFor(folders),
    engineFor,
    detectTrigger: shell.detectTrigger,
    openAppAfterBoot: shell.openAppAfterBoot,
    createSample: shell.createSample,
    confirm: confirmer(around),
    onEnter: enterTeller(around),
    report: printer.report,
    write: printer.bytes,
  };
  try {
    return await command.run(context);
  } finally {
    for (const engine of engines) await engine.close();
  }
}

function namedFolders(input: CommandInput): Folders {
  const root = namedFolder(input, 'root');
  const backups = namedFolder(input, 'backups');
  return { ...(root === undefined ? {} : { root }), ...(backups === undefined ? {} : { backups }) };
}

function namedFolder(input: CommandInput, option: string): string | undefined {
  const folder = input.text(option);
  if (folder === '') throw new AppError('usage', `--${option} names no folder.`, { hint: `Give --${option} DIR.` });
  return folder === undefined ? undefined : resolve(folder);
}

/** A person can answer only where both ends of the talk are a terminal, and no script reads along. */
function isAnswerable({ shell, modes }: Surroundings): boolean {
  return !modes.json && shell.terminals.stdin && shell.terminals.stderr;
}

function enterTeller(around: Surroundings): CommandContext['onEnter'] {
  if (!isAnswerable(around)) return undefined;
  return (listener) => {
    const lines = createInterface({ input: around.shell.stdin, terminal: false });
    lines.on('line', listener);
    return () => lines.close();
  };
}

function confirmer(around: Surroundings): CommandContext['confirm'] {
  const { shell, printer, signal } = around;
  if (!isAnswerable(around)) return undefined;
  return (question) => {
    printer.progress.clear();
    return ask(typeof question === 'string' ? question : question(printer.errorStyle), shell, signal);
  };
}

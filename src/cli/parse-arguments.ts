import { Command as Commander, CommanderError, Option } from 'commander';
import { AppError } from '../shared/app-error.ts';
import type { Command, CommandWord } from './command.ts';
import { CommandInput } from './command-input.ts';
import { commandList } from './command-list.ts';
import { exitCodes } from './exit-codes.ts';

/** What the arguments ask for. */
export type Request =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'command'; readonly command: Command; readonly input: CommandInput };

const commonOptions: readonly CommandWord[] = [
  { spec: '--root <dir>', describe: 'the Codex folder (else CODEX_ROOT, the settings, ~/Codex)' },
  { spec: '--backups <dir>', describe: 'the backups folder (else the settings, backups/ in the root)' },
  { spec: '--json', describe: 'print one JSON document, and nothing else, on standard output' },
  { spec: '--quiet', describe: 'print no progress and no confirmations' },
  { spec: '--verbose', describe: 'log to standard error, and show the causes of errors' },
];

const versionAsked = 'version asked';

/** Reads the arguments (without node and script); wrong ones throw AppError `usage`. Common options stand anywhere. */
export async function parseArguments(argv: readonly string[], width: number): Promise<Request> {
  let request: Request | undefined;
  let help = '';
  const program = createProgram(width, (text) => {
    help += text;
  });
  for (const entry of commandList) program.command(entry.name).description(entry.describe);
  program.hook('preSubcommand', async (_program, called) => {
    const entry = commandList.find(({ name }) => name === called.name());
    if (entry === undefined) return;
    const command = await entry.load();
    declare(called, command, () => {
      request = { kind: 'command', command, input: new CommandInput(called.args, called.optsWithGlobals()) };
    });
  });
  try {
    await program.parseAsync(withoutHelpCommand(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === versionAsked) return { kind: 'version' };
    if (error.exitCode === 0) return { kind: 'help', text: help };
    throw usageError(error);
  }
  if (request === undefined) throw new Error('the parser called no command');
  return request;
}

function createProgram(width: number, onHelp: (text: string) => void): Commander {
  const program = new Commander('codex-backup')
    .description('Keeps a running Codex OS safe and brings it back.')
    .usage('<command> [options]')
    .helpCommand(false)
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, helpWidth: width })
    .configureOutput({ writeOut: onHelp, writeErr: () => undefined, outputError: () => undefined });
  for (const { spec, describe } of commonOptions) program.option(spec, describe);
  program.option('--version', 'print the version').on('option:version', () => {
    throw new CommanderError(exitCodes.done, versionAsked, versionAsked);
  });
  return program;
}

function declare(called: Commander, command: Command, action: () => void): void {
  for (const { spec, describe } of command.arguments) called.argument(spec, describe);
  for (const { spec, describe, choices } of command.options) {
    const option = new Option(spec, describe);
    called.addOption(choices === undefined ? option : option.choices(choices));
  }
  called.allowExcessArguments(false).action(action);
}

/** `help` and `help COMMAND` say the same as `--help`; of what is no command there is no help. */
function withoutHelpCommand(argv: readonly string[]): string[] {
  const at = argv.findIndex((argument) => !argument.startsWith('-'));
  if (argv[at] !== 'help') return [...argv];
  const rest = argv.toSpliced(at, 1);
  const named = rest.find((argument) => !argument.startsWith('-'));
  return named === undefined || commandList.some(({ name }) => name === named) ? [...rest, '--help'] : rest;
}

function usageError(error: CommanderError): AppError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replaceAll(/[()]/g, '').trim();
  const help = 'See "codex-backup --help" for the commands and their options.';
  const sentence = error.code === 'commander.help' ? 'No command was given' : first.replace(/\.$/, '');
  return new AppError('usage', `${capitalize(sentence)}.`, { hint: suggestion === '' ? help : suggestion });
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

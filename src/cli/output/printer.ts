import { type ErrorReport, reportError } from '../../shared/app-error.ts';
import type { CommandLine, Outcome } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Modes } from '../modes.ts';
import type { LineLogger, Shell } from '../shell.ts';
import { createByteWriter, writeAll } from './byte-writer.ts';
import { formatError } from './error-text.ts';
import { createProgressPrinter, type ProgressPrinter } from './progress-printer.ts';
import { createTextStyle, type TextStyle } from './text-style.ts';

/** Everything that a command prints goes through here: answers to standard output, the rest to standard error. */
export interface Printer {
  readonly progress: ProgressPrinter;
  readonly logger: LineLogger;
  readonly width: number;
  /** True when the process can't end by itself, because nobody reads what it has printed. */
  isStuck(): boolean;
  outcome(outcome: Outcome): Promise<void>;
  error(report: ErrorReport, error: unknown): Promise<void>;
  /** Raw bytes to standard output. */
  bytes(content: AsyncIterable<Uint8Array>): Promise<void>;
  /** What a command tells while it runs, to standard error: text, or a JSON object a line; nothing with `--quiet`. */
  report(line: CommandLine): void;
  /** A line to standard error, unless `--quiet`. */
  tell(line: string): void;
  /** For text on standard error. */
  readonly errorStyle: TextStyle;
}

/** `signal` breaks off waiting for a reader that doesn't read. */
export function createPrinter(shell: Shell, modes: Modes, signal: AbortSignal): Printer {
  const { stdout, stderr, terminals } = shell;
  const outStyle = styleFor(shell, terminals.stdout);
  const errorStyle = styleFor(shell, terminals.stderr);
  const writer = createByteWriter(stdout, signal);
  const progress = createProgressPrinter({ stderr, kind: progressKind(shell, modes), style: errorStyle });
  // Nobody is left who could be told that standard error can't be written.
  stderr.on('error', () => undefined);
  const say = (line: string) => {
    progress.clear();
    stderr.write(`${line}\n`);
  };
  return {
    progress,
    logger: createLineLogger(say, errorStyle),
    errorStyle,
    width: outStyle.width,
    isStuck: writer.isStuck,
    outcome: async (outcome) => {
      progress.clear();
      await writer.write(
        modes.json ? formatJson({ ok: true, ...outcome.data }) : outcomeText(outcome, modes, outStyle),
      );
    },
    error: async (report, error) => {
      progress.clear();
      if (modes.json && (await wrote(writer.write(formatJson({ ok: false, error: report }))))) return;
      stderr.write(`${formatError(report, error, modes.verbose, errorStyle)}\n`);
    },
    report: ({ data, text }) => {
      const line = modes.json ? JSON.stringify(data) : text(errorStyle);
      if (!modes.quiet && line !== '') say(line);
    },
    bytes: (content) => writeAll(writer, content),
    tell: (line) => {
      if (!modes.quiet) say(line);
    },
  };
}

function styleFor({ columns, env, now }: Shell, terminal: boolean): TextStyle {
  const wantsColors = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const width = terminal && columns !== undefined && columns > 0 ? columns : Number.POSITIVE_INFINITY;
  // Whoever comes through npm may well have no codex-backup on the PATH.
  const program = env['npm_lifecycle_event'] === undefined ? 'codex-backup' : 'npm run -s codex-backup --';
  return createTextStyle({ colors: terminal && wantsColors, width, now: now(), program });
}

function progressKind({ terminals, env }: Shell, { json, quiet, verbose }: Modes): 'bar' | 'lines' | 'none' {
  if (quiet) return 'none';
  return terminals.stderr && !json && !verbose && env['TERM'] !== 'dumb' ? 'bar' : 'lines';
}

function createLineLogger(say: (line: string) => void, style: TextStyle): LineLogger {
  const level = (name: string) => (message: string) => say(style.dim(`${name}: ${message}`));
  return { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') };
}

function outcomeText(outcome: Outcome, modes: Modes, style: TextStyle): string {
  const isDone = (outcome.exitCode ?? exitCodes.done) === exitCodes.done;
  if (modes.quiet && outcome.confirms === true && isDone) return '';
  const text = outcome.text(style);
  return text === '' ? '' : `${text}\n`;
}

function formatJson(document: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(document)}\n`;
}

/** False when standard output failed, so that the error is told on standard error instead. */
async function wrote(writing: Promise<boolean>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (reportError(error).code === 'bug') throw error;
    return false;
  }
}

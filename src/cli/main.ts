import { type ErrorReport, reportError } from '../shared/app-error.ts';
import type { Outcome } from './command.ts';
import { exitCodeFor, exitCodes } from './exit-codes.ts';
import { cancellationOr, watchInterruption } from './interruption.ts';
import { readModes } from './modes.ts';
import { createPrinter } from './output/printer.ts';
import { parseArguments, type Request } from './parse-arguments.ts';
import { processShell } from './process-shell.ts';
import { runCommand, type Surroundings } from './run-command.ts';
import type { Shell } from './shell.ts';

/** The command line: does what the arguments (without node and script) say, and answers the exit code. Never throws. */
export async function main(argv: readonly string[], shell: Shell = processShell()): Promise<number> {
  const modes = readModes(argv);
  const controller = new AbortController();
  const printer = createPrinter(shell, modes, controller.signal);
  const stopListening = watchInterruption(shell, controller, printer.tell);
  const crash = watchCrash(shell);
  try {
    const around = { shell, modes, printer, signal: controller.signal };
    return await Promise.race([answer(argv, around), crash.happened]);
  } catch (thrown) {
    const error = cancellationOr(thrown, controller.signal);
    const report = await logDefect(reportError(error), shell);
    await printer.error(report, error);
    const exitCode = exitCodeFor(report.code);
    if (crash.hasHappened() || printer.isStuck()) shell.exitNow(exitCode);
    return exitCode;
  } finally {
    stopListening();
    crash.dispose();
  }
}

async function answer(argv: readonly string[], around: Surroundings): Promise<number> {
  const request = await parseArguments(argv, around.printer.width);
  const outcome = await outcomeOf(request, around);
  await around.printer.outcome(outcome);
  return outcome.exitCode ?? exitCodes.done;
}

async function outcomeOf(request: Request, around: Surroundings): Promise<Outcome> {
  switch (request.kind) {
    case 'help':
      return { data: { help: request.text }, text: () => request.text.trimEnd() };
    case 'version': {
      const { appVersion: version } = await import('../engine/version.ts');
      return { data: { version }, text: () => version };
    }
    case 'command':
      return runCommand(request.command, request.input, around);
  }
}

interface CrashWatch {
  /** Rejects with the first error that nobody caught. */
  readonly happened: Promise<never>;
  hasHappened(): boolean;
  dispose(): void;
}

/** What nobody caught ends the command, and the process: work that is still under way can't be trusted any more. */
function watchCrash(shell: Shell): CrashWatch {
  const { promise, reject } = Promise.withResolvers<never>();
  let crashed = false;
  const dispose = shell.onCrash((error) => {
    crashed = true;
    reject(error);
  });
  return { happened: promise, hasHappened: () => crashed, dispose };
}

/** Keeps the stack of a defect in the log, and says where that is. */
async function logDefect(report: ErrorReport, shell: Shell): Promise<ErrorReport> {
  if (report.code !== 'bug') return report;
  try {
    const folder = await shell.logDefect(`${report.message}\n${String(report.details['stack'] ?? '')}`);
    return { ...report, hint: `${report.hint} The log is in ${folder}; --verbose shows where it happened.` };
  } catch {
    // The defect may be that the engine can't be loaded at all; then it's the defect that must be told.
    return report;
  }
}

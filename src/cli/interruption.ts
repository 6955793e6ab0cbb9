import { AppError } from '../shared/app-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { Shell } from './shell.ts';

/** Aborts on the first SIGINT, SIGTERM or SIGHUP, and ends the process on the second; the answer stops listening. */
export function watchInterruption(shell: Shell, controller: AbortController, tell: (line: string) => void): () => void {
  return shell.onInterrupt(() => {
    if (controller.signal.aborted) {
      shell.exitNow(exitCodes.cancelled);
      return;
    }
    tell('Cancelling and cleaning up; once more ends it at once.');
    controller.abort(new AppError('cancelled', 'Cancelled.', { hint: 'Run the command again when you want to.' }));
  });
}

/** What an error means once the user has cancelled: whatever broke off because of it is a cancellation. */
export function cancellationOr(error: unknown, signal: AbortSignal): unknown {
  const isAbort = error instanceof Error && error.name === 'AbortError';
  return signal.aborted && isAbort ? signal.reason : error;
}

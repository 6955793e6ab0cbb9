import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';

/** Lets long synchronous work make room: `rest()` is undefined while the slice lasts, else a promise to await. */
export interface Pace {
  rest(): Promise<void> | undefined;
}

const sliceMs = 15;

/** Ends a slice of work after about 15 ms: reports, lets other events run, and throws `cancelled` when aborted. */
export function createPace(signal: AbortSignal, report: () => void): Pace {
  let sliceEnd = performance.now() + sliceMs;
  const pause = async (): Promise<void> => {
    report();
    await setImmediate();
    throwIfCancelled(signal);
    sliceEnd = performance.now() + sliceMs;
  };
  throwIfCancelled(signal);
  return { rest: () => (performance.now() < sliceEnd ? undefined : pause()) };
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AppError('cancelled', 'Cancelled while the folders were read.', { cause: signal.reason });
}

/** The time of day, as an argument, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970, by the wall clock. It may jump. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Waiting, as an argument for the same reason. */
export interface Timer {
  /** Resolves after these milliseconds, or as soon as the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemTimer: Timer = {
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = (): void => {
        clearTimeout(timeout);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timeout = setTimeout(end, milliseconds);
      signal.addEventListener('abort', end);
    }),
};

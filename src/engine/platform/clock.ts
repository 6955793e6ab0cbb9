/** The time of day, as an argument, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970, by the wall clock. It may jump. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

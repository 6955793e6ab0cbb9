/** How the engine process has fared. */
export interface RestartRecord {
  /** Ends in a row that nobody asked for. */
  readonly failures: number;
}

const pausesMs = [500, 1000, 2000, 5000, 10_000, 30_000, 60_000] as const;
const longestPauseMs = 60_000;
/** One that has run so long has nothing to do with the failures before. */
const steadyMs = 120_000;

/** How long to wait before the engine process is started again, after it has run for so long. */
export function planRestart(
  before: RestartRecord,
  ranMs: number,
): { readonly pauseMs: number; readonly record: RestartRecord } {
  const failures = ranMs >= steadyMs ? 0 : before.failures;
  return { pauseMs: pausesMs[failures] ?? longestPauseMs, record: { failures: failures + 1 } };
}

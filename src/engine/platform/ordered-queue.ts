/** Work that goes on at once and is used in the order in which it was added. */
export interface OrderedQueue {
  /** Adds work that has begun, with what to do with its result. At the limit it waits, and uses the oldest. */
  add<T>(work: Promise<T>, use: (result: T) => Promise<void>): Promise<void>;
  /** Adds a step that waits only for those before it. */
  addStep(step: () => Promise<void>): void;
  /** Uses everything that is left. */
  drain(): Promise<void>;
}

/** Makes a queue with at most `limit` works under way. When `signal` aborts, whatever waits throws its reason. */
export function createOrderedQueue(limit: number, signal: AbortSignal): OrderedQueue {
  const steps: { readonly isWork: boolean; readonly run: () => Promise<void> }[] = [];
  let underWay = 0;

  const useOldest = async (): Promise<void> => {
    signal.throwIfAborted();
    const step = steps.shift();
    if (step === undefined) return;
    await step.run();
    if (step.isWork) underWay -= 1;
  };

  return {
    add: async (work, use) => {
      // Observed now, so that a failure that nobody waits for yet isn't taken for an unhandled one.
      const settled = Promise.allSettled([work]);
      steps.push({
        isWork: true,
        run: async () => {
          const [result] = await orAborted(settled, signal);
          if (result.status === 'rejected') throw result.reason;
          await use(result.value);
        },
      });
      underWay += 1;
      while (underWay >= limit) await useOldest();
    },
    addStep: (run) => {
      steps.push({ isWork: false, run });
    },
    drain: async () => {
      while (steps.length > 0) await useOldest();
    },
  };
}

/** The result of `work`, or the reason of `signal` as soon as it aborts; then nobody waits for `work` any longer. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

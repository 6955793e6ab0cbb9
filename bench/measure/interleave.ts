import { flushDisk } from './flush-disk.ts';

/** Something to be timed. `measure` answers its sample; what it does before and after its own clock doesn't count. */
export interface Contender {
  readonly name: string;
  /** Round 0 is the warm-up. */
  measure(round: number): Promise<number>;
}

export interface Measured {
  /** The warm-up run. */
  readonly cold: number;
  readonly samples: readonly number[];
}

/**
 * Runs the contenders in turn, round by round, so that what else the machine does hits all of them alike. The first
 * round, which brings everything into the page cache, isn't counted. The disk is idle when each begins: nobody pays
 * for the bytes of the one before, who may not have flushed them.
 */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
): Promise<ReadonlyMap<string, Measured>> {
  const all = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, measure } of contenders) {
      await flushDisk();
      all.get(name)?.push(await measure(round));
    }
  }
  return new Map([...all].map(([name, [cold = Number.NaN, ...samples]]) => [name, { cold, samples }]));
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  return (await timedResult(work)).ms;
}

/** What `work` answers, and the milliseconds that it takes. */
export async function timedResult<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}

/** The samples of a contender; none when it didn't take part. */
export function samplesOf(measured: ReadonlyMap<string, Measured>, name: string): readonly number[] {
  return measured.get(name)?.samples ?? [];
}

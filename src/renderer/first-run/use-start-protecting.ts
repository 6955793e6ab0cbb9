import { useEffect, useState } from 'react';
import { links } from '../app/routes.ts';
import { navigate } from '../app/use-route.ts';
import { ruleChanges } from '../clean-up/rules.ts';
import { useAction, useCall } from '../client/use-call.ts';
import { useJobs, useStartJob } from '../client/use-jobs.ts';
import type { Coverage } from '../uncovered/use-coverage.ts';
import type { CoverageWish } from './coverage-question.tsx';
import { type RetentionChoice, rulesOf } from './retention-choices.ts';

export interface StartOptions {
  readonly coverage: Coverage;
  readonly wish: CoverageWish;
  readonly retention: RetentionChoice;
}

/** Writes the answers into the settings, takes the first snapshot, and goes to the overview once it is there. */
export function useStartProtecting({ coverage, wish, retention }: StartOptions) {
  const settings = useCall('settings', {});
  const change = useAction('changeSetting');
  const startJob = useStartJob();
  const [begun, setBegun] = useState<string>();
  const [isWriting, setWriting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const jobs = useJobs();
  const running = jobs.find(({ kind, state }) => kind === 'backUp' && state === 'running');
  const ended = jobs.find(({ id, state }) => id === begun && state !== 'running');
  useEffect(() => {
    if (ended?.state === 'done') navigate(links.overview());
  }, [ended?.state]);
  const begin = async () => {
    setWriting(true);
    setError(null);
    try {
      await answerCoverage(coverage, wish);
      const saved = settings.data?.settings.retention ?? { afterEachSnapshot: false };
      for (const one of ruleChanges(saved, rulesOf(retention))) await change.mutateAsync(one);
      setBegun((await startJob.mutateAsync({ job: { kind: 'backUp' } })).id);
    } catch (problem) {
      setError(problem);
    } finally {
      setWriting(false);
    }
  };
  return {
    running,
    isCancelled: ended?.state === 'cancelled',
    isBusy: isWriting || running !== undefined,
    error: error ?? ended?.error ?? null,
    begin,
  };
}

export type StartProtecting = ReturnType<typeof useStartProtecting>;

async function answerCoverage(coverage: Coverage, wish: CoverageWish): Promise<void> {
  const paths = coverage.answers?.open.map(({ path }) => path) ?? [];
  const isWanted = (path: string) => wish.kind === 'all' || (wish.kind === 'some' && wish.paths.has(path));
  const wanted = paths.filter(isWanted);
  const others = paths.filter((path) => !isWanted(path));
  if (others.length > 0) await coverage.leaveOut(others);
  if (wanted.length > 0) await coverage.include(wanted);
}

import { useMemo } from 'react';
import { useAction, useCall } from '../client/use-call.ts';
import { coverageAnswers, leaveOutPattern } from './coverage-answers.ts';

const none: readonly string[] = [];

/** What no snapshot covers, and the two answers to it: include it, or say that it is left out. */
export function useCoverage({ enabled = true }: { enabled?: boolean } = {}) {
  const coverage = useCall('coverage', {}, { enabled });
  const settings = useCall('settings', {}, { enabled });
  const cover = useAction('cover');
  const change = useAction('changeSetting');
  const exclude = settings.data?.settings.exclude ?? none;
  const answers = useMemo(
    () => (coverage.data === undefined ? undefined : coverageAnswers(coverage.data, exclude)),
    [coverage.data, exclude],
  );
  const setExclude = (patterns: readonly string[]) =>
    change.mutateAsync({ key: 'exclude', text: patterns.length === 0 ? null : JSON.stringify(patterns) });
  return {
    answers,
    isPending: coverage.isPending,
    isBusy: cover.isPending || change.isPending,
    error: coverage.error,
    changeError: cover.error ?? change.error,
    retry: () => void coverage.refetch(),
    include: async (paths: readonly string[]) => {
      const patterns = new Set(paths.map(leaveOutPattern));
      const left = exclude.filter((pattern) => !patterns.has(pattern));
      if (left.length < exclude.length) await setExclude(left);
      await cover.mutateAsync({ paths: [...paths] });
    },
    leaveOut: async (paths: readonly string[]) => {
      await setExclude([...new Set([...exclude, ...paths.map(leaveOutPattern)])]);
    },
  };
}

export type Coverage = ReturnType<typeof useCoverage>;

import { useMemo } from 'react';
import { useAction, useCall } from '../client/use-call.ts';
import { type OpenPath, openPaths } from './coverage-answers.ts';

const none: readonly string[] = [];
const mostPaths = 1000;

export interface CoverageAnswers {
  readonly open: readonly OpenPath[];
  /** Paths that the user has left out on purpose. */
  readonly leftOut: readonly string[];
}

/** What no snapshot covers, and the two answers to it: include it, or say that it is left out. */
export function useCoverage({ enabled = true }: { enabled?: boolean } = {}) {
  const coverage = useCall('coverage', {}, { enabled });
  const settings = useCall('settings', {}, { enabled });
  const cover = useAction('cover');
  const leave = useAction('leaveOut');
  const change = useAction('changeSetting');
  const leftOut = settings.data?.settings.leftOut ?? none;
  const answers = useMemo(
    (): CoverageAnswers | undefined =>
      coverage.data === undefined ? undefined : { open: openPaths(coverage.data), leftOut },
    [coverage.data, leftOut],
  );
  return {
    answers,
    isPending: coverage.isPending,
    isBusy: cover.isPending || leave.isPending || change.isPending,
    error: coverage.error,
    changeError: cover.error ?? leave.error ?? change.error,
    retry: () => void coverage.refetch(),
    include: async (paths: readonly string[]) => {
      const left = leftOut.filter((path) => !paths.includes(path));
      if (left.length < leftOut.length) {
        await change.mutateAsync({ key: 'leftOut', text: left.length === 0 ? null : JSON.stringify(left) });
      }
      for (const some of inParts(paths)) await cover.mutateAsync({ paths: some });
    },
    leaveOut: async (paths: readonly string[]) => {
      for (const some of inParts(paths)) await leave.mutateAsync({ paths: some });
    },
  };
}

export type Coverage = ReturnType<typeof useCoverage>;

/** As many as one call takes. */
function inParts(paths: readonly string[]): string[][] {
  const count = Math.ceil(paths.length / mostPaths);
  return Array.from({ length: count }, (_, index) => paths.slice(index * mostPaths, (index + 1) * mostPaths));
}

import { skipToken, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { JobState, OutputLine } from '../../shared/protocol/jobs.ts';
import { useClient } from './client-context.ts';
import { jobsKey, mergeJobs } from './known-jobs.ts';
import { useAction, useCall } from './use-call.ts';

const mostLines = 5000;
const none: readonly JobState[] = [];

/** Every job of this session that the panel has heard of, oldest first, the running ones among them. */
export function useJobs(): readonly JobState[] {
  const status = useCall('status', {});
  const heard = useQuery<readonly JobState[]>({
    queryKey: jobsKey,
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  });
  // What came by an event is newer than what the status says.
  return useMemo(() => mergeJobs(status.data?.jobs ?? none, heard.data ?? none), [status.data, heard.data]);
}

/** Starts long work, or joins the same that runs: `mutateAsync({ job: { kind: 'backUp' } })` answers its state. */
export function useStartJob() {
  return useAction('start');
}

/** What the commands of a job have written, from the beginning as far as it is kept. */
export function useJobOutput(id: string): readonly OutputLine[] {
  const client = useClient();
  const [lines, setLines] = useState<readonly OutputLine[]>([]);
  useEffect(() => {
    let isOver = false;
    const add = (more: readonly OutputLine[]) => {
      if (!isOver) setLines((old) => mergeLines(old, more));
    };
    const stop = client.onEvent((event) => {
      if (event.kind === 'output' && event.job === id) add(event.lines);
    });
    // Without an answer the lines that come from now on are shown all the same.
    client.call('job', { id }).then(
      ({ output }) => add(output),
      () => undefined,
    );
    return () => {
      isOver = true;
      stop();
    };
  }, [client, id]);
  return lines;
}

function mergeLines(lines: readonly OutputLine[], more: readonly OutputLine[]): readonly OutputLine[] {
  const byNumber = new Map([...lines, ...more].map((line) => [line.number, line]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number).slice(-mostLines);
}

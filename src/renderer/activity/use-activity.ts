import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useClient } from '../client/client-context.ts';

const pageSize = 200;

/** What happened, newest first, page by page. */
export function useActivity() {
  const client = useClient();
  const query = useInfiniteQuery({
    // By the call's name, so that what the host tells makes it old as it does the others.
    queryKey: ['activity', 'pages'],
    queryFn: ({ pageParam, signal }) =>
      client.call('activity', { limit: pageSize, ...(pageParam === null ? {} : { before: pageParam }) }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page.at(-1)?.id),
  });
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  return { ...query, entries: useMemo(() => data?.pages.flat() ?? [], [data]), more };
}

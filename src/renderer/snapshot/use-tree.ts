import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useClient } from '../client/client-context.ts';
import { flattenTree, foldersAround, type LoadedLevel, type TreeRow } from './flatten-tree.ts';

/** The host answers so many entries of a folder at once. */
const pageEntries = 2000;

export interface Tree {
  readonly rows: readonly TreeRow[];
  /** Opens or closes a folder. */
  readonly toggle: (path: string) => void;
  /** Asks for the next entries of a folder that has more than were sent. */
  readonly loadMore: (folder: string) => void;
  readonly retry: (folder: string) => void;
}

/** The files of a snapshot, a folder at a time. The folders around `shown` are open from the beginning. */
export function useTree(id: string, shown: string | undefined): Tree {
  const client = useClient();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(shown === undefined ? [] : foldersAround(shown)));
  const [pages, setPages] = useState<ReadonlyMap<string, number>>(new Map());
  const wanted = useMemo(
    () =>
      ['', ...open].flatMap((path) =>
        Array.from({ length: pages.get(path) ?? 1 }, (_, page) => ({ path, offset: page * pageEntries })),
      ),
    [open, pages],
  );
  const answers = useQueries({
    queries: wanted.map(({ path, offset }) => ({
      queryKey: ['folder', { id, path, offset }],
      queryFn: ({ signal }: { signal: AbortSignal }) => client.call('folder', { id, path, offset }, { signal }),
      // A snapshot never changes.
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const stamp = answers.map(({ dataUpdatedAt, errorUpdatedAt }) => `${dataUpdatedAt}.${errorUpdatedAt}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answers are new at every render; the stamp says when they differ
  const levels = useMemo(() => {
    const found = new Map<string, LoadedLevel>();
    for (const [index, { path }] of wanted.entries()) {
      const { data, error } = answers[index] ?? {};
      const before = found.get(path);
      found.set(path, {
        entries: [...(before?.entries ?? []), ...(data?.entries ?? [])],
        total: data?.total ?? before?.total,
        error: error ?? before?.error ?? null,
      });
    }
    return found;
  }, [wanted, stamp]);
  const rows = useMemo(() => flattenTree(levels, open), [levels, open]);
  const toggle = useCallback(
    (path: string) =>
      setOpen((old) => (old.has(path) ? new Set([...old].filter((one) => one !== path)) : new Set([...old, path]))),
    [],
  );
  const loadMore = useCallback(
    (folder: string) => setPages((old) => new Map(old).set(folder, (old.get(folder) ?? 1) + 1)),
    [],
  );
  const retry = (folder: string) => {
    for (const [index, { path }] of wanted.entries()) if (path === folder) void answers[index]?.refetch();
  };
  return { rows, toggle, loadMore, retry };
}

import { AppError } from '../shared/app-error.ts';
import type { Snapshot } from '../shared/model.ts';
import { webPaths } from '../shared/protocol/web.ts';
import type { HostCalls } from './host-calls.ts';
import type { HostState } from './host-state.ts';
import { showDiff } from './shown-diff.ts';
import { toSnapshotRows } from './snapshot-rows.ts';

type SnapshotCalls =
  | 'snapshots'
  | 'growth'
  | 'snapshot'
  | 'folder'
  | 'findFiles'
  | 'preview'
  | 'fileDiff'
  | 'download'
  | 'databases'
  | 'newestMemories'
  | 'search'
  | 'diff'
  | 'pin'
  | 'note'
  | 'remove'
  | 'showInFolder';

/** Looking at snapshots, and the small changes to one. */
export function createSnapshotCalls(state: HostState): Pick<HostCalls, SnapshotCalls> {
  const { options, downloads, tell } = state;
  const list = rememberList(state);
  const changed = <T>(answer: T): T => {
    tell({ kind: 'snapshotsChanged' });
    tell({ kind: 'statusChanged' });
    return answer;
  };
  return {
    snapshots: async () => toSnapshotRows(await list()),
    growth: ({ range }) => state.engine().growth(range),
    snapshot: async ({ id }) => {
      const [detail, all] = await Promise.all([state.engine().show(id), list()]);
      const place = all.findIndex((snapshot) => snapshot.id === id);
      return { ...detail, previous: all[place + 1]?.id ?? null, next: all[place - 1]?.id ?? null };
    },
    folder: ({ id, path, offset }) => state.engine().folder(id, path, offset),
    findFiles: ({ id, query, limit }) => state.engine().findFiles(id, query, limit),
    preview: ({ id, path }) => state.engine().preview(id, path),
    fileDiff: ({ id, path, to }) => state.engine().fileDiff(id, path, to),
    download: async ({ id, path }) => {
      const { name, bytes } = await state.engine().entry(id, path);
      return { href: `${webPaths.download}${downloads.issue({ id, path, name, bytes })}`, name, bytes };
    },
    databases: ({ id }) => state.engine().databases(id),
    newestMemories: ({ id, ...newest }) => state.engine().newestMemories(id, newest),
    search: ({ text, id, limit }, { signal }) => state.engine().search(text, { signal, in: id, limit }),
    diff: async ({ from, to }, { signal }) => showDiff(await state.engine().diff(from, to, { signal })),
    pin: async ({ id, pinned }) => changed(await state.engine().pin(id, pinned)),
    note: async ({ id, text }) => changed(await state.engine().note(id, text)),
    remove: async ({ id }) => changed(await state.engine().remove(id)),
    showInFolder: async ({ id }) => {
      if (options.showInFolder === undefined) {
        throw new AppError('usage', 'Folders can not be shown from here.', { hint: 'Copy the path instead.' });
      }
      const { path } = await state.engine().show(id);
      await options.showInFolder(path);
      return null;
    },
  };
}

/** Reading a thousand manifests takes a while, so the list is kept until something in the folder has changed. */
function rememberList(state: HostState): () => Promise<readonly Snapshot[]> {
  let last: { readonly stamp: string; readonly list: Promise<readonly Snapshot[]> } | undefined;
  return async () => {
    const stamp = (await state.engine().stamps()).snapshots;
    if (last?.stamp !== stamp) {
      const list = state.engine().list();
      last = { stamp, list };
      list.catch(() => {
        last = undefined;
      });
    }
    return last.list;
  };
}

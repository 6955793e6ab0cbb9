import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import { useAction, useCall } from '../client/use-call.ts';
import { useStartJob } from '../client/use-jobs.ts';

export interface RowActions {
  readonly pin: (row: SnapshotRow) => void;
  readonly verify: (row: SnapshotRow) => void;
  readonly note: (row: SnapshotRow) => void;
  readonly remove: (row: SnapshotRow) => void;
  /** Null where the panel runs in a browser that can't. */
  readonly showInFolder: ((row: SnapshotRow) => void) | null;
}

/** What can be done with a snapshot of the list, and what went wrong with the last of it. */
export function useRowActions({
  onNote,
  onRemove,
}: {
  onNote: (row: SnapshotRow) => void;
  onRemove: (row: SnapshotRow) => void;
}): RowActions & { readonly error: Error | null; readonly forgetError: () => void } {
  const about = useCall('about', {});
  const pin = useAction('pin');
  const show = useAction('showInFolder');
  const start = useStartJob();
  return {
    pin: ({ id, pinned }) => pin.mutate({ id, pinned: !pinned }),
    verify: ({ id }) => start.mutate({ job: { kind: 'verify', ids: [id] } }),
    note: onNote,
    remove: onRemove,
    showInFolder: about.data?.can.showInFolder === true ? ({ id }) => show.mutate({ id }) : null,
    error: pin.error ?? show.error ?? start.error,
    forgetError: () => {
      for (const action of [pin, show, start]) action.reset();
    },
  };
}

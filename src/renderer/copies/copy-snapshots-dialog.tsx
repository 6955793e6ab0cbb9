import { Pin } from 'lucide-react';
import type { CopySnapshot } from '../../shared/copies.ts';
import { statusWords, triggerWords } from '../../shared/words.ts';
import { useCall } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Loading } from '../components/loading.tsx';
import { useNow } from '../components/use-now.ts';
import { VirtualList } from '../components/virtual-list.tsx';
import { formatExact, formatMoment } from '../format/time.ts';
import { TriggerGlyph } from '../icons/trigger-glyph.tsx';
import './copies.css';

export interface CopySnapshotsDialogProps {
  /** Of the copy. */
  readonly name: string;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** The snapshots that a copy holds, newest first: the one that is chosen is brought into the backups. */
export function CopySnapshotsDialog({ name, onChoose, onClose }: CopySnapshotsDialogProps) {
  // Asked for each time: a remote tells of no change.
  const held = useCall('copySnapshots', { name }, { isFresh: true });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Restore from ${name}`}
      lead="The snapshot that you choose is brought into the backups first. Nothing of Codex changes yet."
      actions={<Button onClick={onClose}>Cancel</Button>}
    >
      {held.error !== null ? (
        <ErrorState error={held.error} onRetry={() => void held.refetch()} />
      ) : held.data === undefined ? (
        <Loading label="Looking into the copy" />
      ) : (
        <div className="held" data-scroll>
          {held.data.length === 0 ? <p className="copy-detail">It holds no snapshots.</p> : null}
          <VirtualList
            label={`Snapshots in ${name}`}
            items={held.data}
            keyOf={({ id }) => id}
            estimateRem={() => 1.75}
            render={(snapshot) => <HeldRow snapshot={snapshot} onChoose={onChoose} />}
          />
        </div>
      )}
    </Dialog>
  );
}

function HeldRow({ snapshot, onChoose }: { snapshot: CopySnapshot } & Pick<CopySnapshotsDialogProps, 'onChoose'>) {
  const now = useNow(60_000);
  const { id, createdAt, trigger, status, pinned, note } = snapshot;
  return (
    <button type="button" className="held-row" title={formatExact(createdAt)} onClick={() => onChoose(id)}>
      <TriggerGlyph trigger={trigger} />
      <time dateTime={createdAt}>{formatMoment(createdAt, now)}</time>
      <span className="held-what">{status === 'verified' ? triggerWords[trigger] : statusWords[status]}</span>
      <span className="held-note cut">{note}</span>
      {pinned ? <Pin className="held-pin" role="img" aria-label="Pinned" /> : null}
    </button>
  );
}

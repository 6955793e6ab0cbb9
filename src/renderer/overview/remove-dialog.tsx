import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import { triggerWords } from '../../shared/words.ts';
import { useAction } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { useSizes } from '../components/size.tsx';
import { formatMoment } from '../format/time.ts';

/** Asks before a snapshot goes for good. */
export function RemoveDialog({ row, onClose }: { row: SnapshotRow; onClose: () => void }) {
  const remove = useAction('remove');
  const sizes = useSizes();
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove the snapshot of ${formatMoment(row.createdAt, Date.now())}?`}
      lead={`It frees ${sizes.bytes(row.diskBytes)} and cannot come back. Every other snapshot stays whole.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            busy={remove.isPending}
            onClick={() => remove.mutate({ id: row.id }, { onSuccess: onClose })}
          >
            Remove
          </Button>
        </>
      }
    >
      {row.note === '' ? null : (
        <p className="small soft">
          {triggerWords[row.trigger]} · {row.note}
        </p>
      )}
      {remove.isError ? <ErrorState error={remove.error} /> : null}
    </Dialog>
  );
}

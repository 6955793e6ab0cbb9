import { type FormEvent, useId, useState } from 'react';
import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import { useAction } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { TextArea } from '../components/field.tsx';
import { formatMoment } from '../format/time.ts';

const longestNote = 10_000;

/** Words that stay with a snapshot. An empty note is none. */
export function NoteDialog({ row, onClose }: { row: SnapshotRow; onClose: () => void }) {
  const [text, setText] = useState(row.note);
  const note = useAction('note');
  const form = useId();
  const save = (event: FormEvent) => {
    event.preventDefault();
    note.mutate({ id: row.id, text: text.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Note for ${formatMoment(row.createdAt, Date.now())}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={note.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={save}>
        <TextArea
          label="Note"
          hideLabel
          value={text}
          maxLength={longestNote}
          placeholder="What this snapshot is for"
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      {note.isError ? <ErrorState error={note.error} /> : null}
    </Dialog>
  );
}

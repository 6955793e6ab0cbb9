import { useState } from 'react';
import { useAction } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { GroupRow } from '../components/group.tsx';
import { SettingsSection } from './settings-section.tsx';

/** Where the settings are, and the way back to the defaults. */
export function ResetSection({ file }: { file: string }) {
  const [isAsking, setAsking] = useState(false);
  const [kept, setKept] = useState<string | null>(null);
  return (
    <SettingsSection title="Settings file">
      <GroupRow
        title={<span className="path">{file}</span>}
        detail={kept === null ? undefined : <span role="status">The defaults hold. The old file is {kept}.</span>}
        end={
          <Button size="small" onClick={() => setAsking(true)}>
            Reset all…
          </Button>
        }
      />
      {isAsking ? <ResetDialog onClose={() => setAsking(false)} onDone={setKept} /> : null}
    </SettingsSection>
  );
}

/** Asks before the defaults hold again. */
export function ResetDialog({ onClose, onDone }: { onClose: () => void; onDone: (kept: string | null) => void }) {
  const reset = useAction('resetSettings');
  const begin = () =>
    reset.mutate(
      {},
      {
        onSuccess: ({ kept }) => {
          onDone(kept);
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Reset all settings?"
      lead="Folders, rules and commands too. The file is kept beside the new one, so that you can put it back. Snapshots stay as they are."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={reset.isPending} onClick={begin}>
            Reset all settings
          </Button>
        </>
      }
    >
      {reset.isError ? <ErrorState error={reset.error} actions={null} /> : undefined}
    </Dialog>
  );
}

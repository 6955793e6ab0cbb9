import { useState } from 'react';
import type { ShownSettings } from '../../shared/protocol/set-up-views.ts';
import { useAction } from '../client/use-call.ts';
import { Button } from '../components/button.tsx';
import { GroupRow } from '../components/group.tsx';
import { FolderDialog } from '../folders/folder-dialog.tsx';
import { SettingsSection } from './settings-section.tsx';
import { TextSetting } from './text-setting.tsx';

/** Where the Codex folder, its Brain and the backups are. Folders are chosen, never typed. */
export function FoldersSection({ shown }: { shown: ShownSettings }) {
  const [asked, setAsked] = useState<'root' | 'backups'>();
  return (
    <SettingsSection title="Folders">
      <FolderRow name="Codex folder" path={shown.root} onChoose={() => setAsked('root')} />
      <FolderRow
        name="Backups"
        path={shown.backups}
        note={shown.settings.backups === undefined && shown.backups !== null ? 'In the Codex folder' : undefined}
        onChoose={() => setAsked('backups')}
      />
      <TextSetting
        name="brain"
        label="Brain"
        hint="Its path from the Codex folder."
        value={shown.settings.brain}
        usual={shown.defaults.brain}
      />
      {asked === 'root' ? <RootDialog onClose={() => setAsked(undefined)} /> : null}
      {asked === 'backups' ? <BackupsDialog onClose={() => setAsked(undefined)} /> : null}
    </SettingsSection>
  );
}

function FolderRow({
  name,
  path,
  note,
  onChoose,
}: {
  name: string;
  path: string | null;
  note?: string | undefined;
  onChoose: () => void;
}) {
  return (
    <GroupRow
      title={name}
      detail={
        <>
          <span className="path">{path ?? 'Not chosen yet'}</span>
          {note === undefined ? null : <span className="path-note">{note}</span>}
        </>
      }
      end={
        <Button size="small" onClick={onChoose} aria-label={`Choose… ${name}`}>
          Choose…
        </Button>
      }
    />
  );
}

function RootDialog({ onClose }: { onClose: () => void }) {
  const choose = useAction('chooseRoot');
  return (
    <FolderDialog
      title="Choose the Codex folder"
      lead="The folder that holds codex-brain and the other services."
      isBusy={choose.isPending}
      error={choose.error}
      onChoose={({ folder }) => choose.mutate({ folder }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function BackupsDialog({ onClose }: { onClose: () => void }) {
  const choose = useAction('chooseBackups');
  return (
    <FolderDialog
      title="Choose the backups folder"
      lead="Snapshots that exist stay where they are. Another disk keeps them when this one fails."
      newName="Codex backups"
      isBusy={choose.isPending}
      error={choose.error}
      onChoose={({ folder, name }) =>
        choose.mutate({ folder, ...(name === undefined ? {} : { name }) }, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  );
}

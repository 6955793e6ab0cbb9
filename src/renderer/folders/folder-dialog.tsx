import { ArrowUp, Folder } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { FolderEntry, FolderList } from '../../shared/protocol/set-up-views.ts';
import { appBridge } from '../client/app-bridge.ts';
import { useCall } from '../client/use-call.ts';
import { Button, IconButton } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Field } from '../components/field.tsx';
import { Loading } from '../components/loading.tsx';
import { VirtualList } from '../components/virtual-list.tsx';
import './folder-dialog.css';
import type { FolderDialogProps } from './folder-dialog-props.ts';
import { checkFolderName, lastName } from './folder-names.ts';
import { SystemFolderDialog } from './system-folder-dialog.tsx';

/** Chooses a folder of the computer on which the engine runs: in the app by the system's dialog. */
export function FolderDialog(props: FolderDialogProps) {
  const bridge = appBridge();
  return bridge === undefined ? <FolderWalk {...props} /> : <SystemFolderDialog bridge={bridge} {...props} />;
}

/** Walks through the folders, as a browser can't show those of another computer. */
function FolderWalk({ title, lead, newName, isBusy, error, onChoose, onClose }: FolderDialogProps) {
  const [at, setAt] = useState<string>();
  const [name, setName] = useState(newName ?? '');
  const list = useCall('folders', at === undefined ? {} : { folder: at }, { keepPrevious: true });
  const { refetch } = list;
  // Choosing has used the folder's ticket up, also where the choice was refused.
  // biome-ignore lint/correctness/useExhaustiveDependencies: again after each refusal
  useEffect(() => void refetch(), [refetch, error]);
  const nameError = newName === undefined ? undefined : checkFolderName(name);
  const target = newName !== undefined && name.trim() !== '' ? name.trim() : lastName(list.data?.path ?? '');
  const choose = ({ folder, path }: FolderList) =>
    onChoose({ folder, path, ...(newName === undefined || name.trim() === '' ? {} : { name: name.trim() }) });
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      lead={lead}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={isBusy}
            disabled={list.data === undefined || list.isPlaceholderData || nameError !== undefined}
            onClick={() => (list.data === undefined ? undefined : choose(list.data))}
          >
            <span className="cut">Choose {target === '' ? '' : `“${target}”`}</span>
          </Button>
        </>
      }
    >
      {list.data === undefined && list.error === null ? <Loading label="Reading the folders" /> : null}
      {list.data === undefined ? null : <Folders list={list.data} onOpen={setAt} />}
      {/* A ticket that is too old, or a folder that can't be read: begin again at the top. */}
      {list.error === null ? null : (
        <ErrorState error={list.error} actions={<StartAgain onClick={() => setAt(undefined)} />} />
      )}
      {newName === undefined ? null : (
        <Field
          label="New folder in it; empty for none"
          value={name}
          error={nameError}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      {error === null || error === undefined ? null : <ErrorState error={error} actions={null} />}
    </Dialog>
  );
}

function StartAgain({ onClick }: { onClick: () => void }) {
  return (
    <Button size="small" onClick={onClick}>
      Back to the home folder
    </Button>
  );
}

function Folders({ list, onOpen }: { list: FolderList; onOpen: (folder: string) => void }) {
  const place = useRef<HTMLParagraphElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const first = useRef(list.path);
  // The row that was clicked is gone; who uses the keyboard goes on from the folder's name.
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
    if (first.current !== list.path) place.current?.focus();
    first.current = list.path;
  }, [list.path]);
  const { parent } = list;
  return (
    <div className="folders">
      <div className="folders-bar">
        {list.places.map(({ name, folder }) => (
          <Button key={name} size="small" onClick={() => onOpen(folder)}>
            {name}
          </Button>
        ))}
      </div>
      <div className="folders-bar">
        <IconButton
          label="Up one folder"
          icon={<ArrowUp aria-hidden />}
          disabled={parent === null}
          onClick={() => (parent === null ? undefined : onOpen(parent))}
        />
        <p ref={place} tabIndex={-1} className="folders-path cut" title={list.path}>
          <bdi>{list.path}</bdi>
        </p>
      </div>
      <div ref={scroller} className="folders-list" data-scroll>
        {list.entries.length === 0 ? <p className="folders-none">No folders in here.</p> : null}
        <VirtualList
          label={`Folders in ${lastName(list.path)}`}
          items={list.entries}
          keyOf={({ name }) => name}
          estimateRem={() => 1.75}
          render={(entry) => <FolderRow entry={entry} onOpen={onOpen} />}
        />
      </div>
      {list.isCut ? <p className="folders-none">There are more folders here than are shown.</p> : null}
    </div>
  );
}

function FolderRow({ entry, onOpen }: { entry: FolderEntry; onOpen: (folder: string) => void }) {
  return (
    <button type="button" className="folder-row" onClick={() => onOpen(entry.folder)}>
      <Folder aria-hidden />
      <span className="cut" title={entry.name}>
        {entry.name}
      </span>
      {entry.isCodex ? <span className="folder-codex">Codex</span> : null}
    </button>
  );
}

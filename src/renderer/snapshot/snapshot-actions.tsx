import { ArrowDown, ArrowUp, Ellipsis, FolderOpen, MessageSquareText, Pin, ShieldCheck, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ShownSnapshot } from '../../shared/protocol/snapshot-views.ts';
import type { SnapshotRow } from '../../shared/protocol/status-views.ts';
import { links } from '../app/routes.ts';
import { navigate } from '../app/use-route.ts';
import { useWide } from '../app/use-wide.ts';
import { useAction, useCall } from '../client/use-call.ts';
import { useJobs, useStartJob } from '../client/use-jobs.ts';
import { Button, IconButton } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Menu, type MenuEntry } from '../components/menu.tsx';
import { NoteDialog } from '../overview/note-dialog.tsx';
import { RemoveDialog } from '../overview/remove-dialog.tsx';

/** What can be done with the snapshot that is open. */
export function SnapshotActions({ snapshot }: { snapshot: ShownSnapshot }) {
  const { id, pinned } = snapshot;
  const wide = useWide();
  const row = useCall('snapshots', {}).data?.find((one) => one.id === id);
  const [asked, setAsked] = useState<'note' | 'remove'>();
  const pin = useAction('pin');
  const show = useAction('showInFolder');
  const start = useStartJob();
  const isVerifying = useJobs().some(
    ({ kind, state, ids }) => kind === 'verify' && state === 'running' && (ids.length === 0 || ids.includes(id)),
  );
  const togglePin = () => pin.mutate({ id, pinned: !pinned });
  const verify = () => start.mutate({ job: { kind: 'verify', ids: [id] } });
  const error = pin.error ?? show.error ?? start.error;
  const forget = () => {
    for (const action of [pin, show, start]) action.reset();
  };
  return (
    <>
      {wide ? (
        <IconButton
          label={pinned ? 'Unpin' : 'Pin: never clean up'}
          aria-pressed={pinned}
          icon={<Pin className={pinned ? 'snap-pinned' : ''} aria-hidden />}
          onClick={togglePin}
        />
      ) : null}
      <Menu
        trigger={<IconButton label="More" icon={<Ellipsis aria-hidden />} />}
        groups={useMenu(snapshot, row, { ask: setAsked, show: () => show.mutate({ id }), togglePin, verify })}
      />
      {wide ? (
        <Button busy={isVerifying || start.isPending} onClick={verify}>
          Verify
        </Button>
      ) : null}
      <a className="button button-primary button-regular" href={links.restore(id)}>
        Restore…
      </a>
      {asked === 'note' && row !== undefined ? <NoteDialog row={row} onClose={() => setAsked(undefined)} /> : null}
      {asked === 'remove' && row !== undefined ? <RemoveDialog row={row} onClose={() => setAsked(undefined)} /> : null}
      {error === null ? null : (
        <Dialog open onClose={forget} title="That did not work" actions={<Button onClick={forget}>Close</Button>}>
          <ErrorState error={error} />
        </Dialog>
      )}
    </>
  );
}

interface MenuActs {
  readonly ask: (what: 'note' | 'remove') => void;
  readonly show: () => void;
  readonly togglePin: () => void;
  readonly verify: () => void;
}

/** A narrow panel has no room for all the buttons, so that its menu has them. */
function useMenu(
  { previous, next, pinned }: ShownSnapshot,
  row: SnapshotRow | undefined,
  { ask, show, togglePin, verify }: MenuActs,
): readonly (readonly MenuEntry[])[] {
  const canShow = useCall('about', {}).data?.can.showInFolder === true;
  const wide = useWide();
  const narrow = [
    { label: 'Verify', icon: <ShieldCheck aria-hidden />, onSelect: verify },
    { label: pinned ? 'Unpin' : 'Pin', icon: <Pin aria-hidden />, onSelect: togglePin },
  ];
  const goTo = (id: string | null) => () => (id === null ? undefined : navigate(links.snapshot(id)));
  return [
    ...(wide ? [] : [narrow]),
    [
      {
        label: 'The one before',
        icon: <ArrowDown aria-hidden />,
        onSelect: goTo(previous),
        disabled: previous === null,
      },
      { label: 'The one after', icon: <ArrowUp aria-hidden />, onSelect: goTo(next), disabled: next === null },
    ],
    [
      {
        label: 'Note…',
        icon: <MessageSquareText aria-hidden />,
        onSelect: () => ask('note'),
        disabled: row === undefined,
      },
      ...(canShow ? [{ label: 'Show in folder', icon: <FolderOpen aria-hidden />, onSelect: show }] : []),
    ],
    [
      {
        label: 'Remove…',
        icon: <Trash2 aria-hidden />,
        onSelect: () => ask('remove'),
        disabled: pinned || row === undefined,
        danger: true,
      },
    ],
  ];
}

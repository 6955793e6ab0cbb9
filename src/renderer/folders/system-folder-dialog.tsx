import { useEffect, useRef, useState } from 'react';
import type { AppBridge } from '../../shared/app-bridge.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState } from '../components/error-state.tsx';
import type { FolderDialogProps } from './folder-dialog-props.ts';

/** The system's dialog for a folder. Of ours there is only what to do when the choice was refused. */
export function SystemFolderDialog({
  bridge,
  title,
  isBusy,
  error,
  onChoose,
  onClose,
}: FolderDialogProps & { bridge: AppBridge }) {
  const [problem, setProblem] = useState<unknown>(null);
  const hasAsked = useRef(false);
  const ask = async () => {
    setProblem(null);
    try {
      const chosen = await bridge.chooseFolder(title);
      if (chosen === null) onClose();
      else onChoose(chosen);
    } catch (failure) {
      setProblem(failure);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is opened
  useEffect(() => {
    if (hasAsked.current) return;
    hasAsked.current = true;
    void ask();
  }, []);
  const shown = problem ?? error ?? null;
  if (shown === null) return null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={isBusy} onClick={() => void ask()}>
            Choose another…
          </Button>
        </>
      }
    >
      <ErrorState error={shown} actions={null} />
    </Dialog>
  );
}

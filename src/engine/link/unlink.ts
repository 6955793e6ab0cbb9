import { renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { LinkReport } from '../../shared/results.ts';
import { syncFolder } from '../platform/durable-file.ts';
import { changeScript } from './change-script.ts';
import { linkFiles, readLinkState } from './read-link-state.ts';

/**
 * Puts Codex's own backup script back, byte for byte, in one rename. Says `not-linked` where there is nothing to undo.
 * Throws AppError `link-conflict` when the script is no longer the one that link wrote, or the old one is gone.
 */
export function unlinkCodex({ root }: { readonly root: string }): LinkReport {
  const script = join(root, linkFiles.script);
  const kept = join(root, linkFiles.kept);
  const { kind, keptExists } = readLinkState(root);
  if (kind === 'original' && !keptExists) return { script, state: 'not-linked', kept: null };
  if (kind === 'missing' && !keptExists) {
    throw new AppError('link-missing', `There is no ${script}, and no old one is kept.`, {
      hint: 'Get it back from a snapshot, or from where your Codex came from.',
    });
  }
  if (kind === 'original' || kind === 'edited') {
    throw new AppError('link-conflict', `${script} is not the script that "codex-backup link" wrote.`, {
      hint: keptExists
        ? `Nothing was changed. The script from before is ${kept}: choose which of the two you want, and remove the other.`
        : 'Nothing was changed.',
    });
  }
  if (!keptExists) {
    throw new AppError('link-conflict', `${kept} is gone, so the old script can not be put back.`, {
      hint: 'Get scripts/codexAutoBackup.js from a snapshot taken before it was linked.',
    });
  }
  changeScript(script, () => {
    renameSync(kept, script);
    syncFolder(dirname(script));
  });
  return { script, state: 'unlinked', kept: null };
}

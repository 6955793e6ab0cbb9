import { codexTree } from '../inputs/codex-tree.ts';
import { oncePerRun } from '../workspace.ts';
import { newPlace, type Place, runCodexBackup } from './whole-command.ts';

/** A backups folder with one snapshot of the shared tree, to list and to read from. */
export const browsedSnapshot = oncePerRun(async (workspace): Promise<Place> => {
  const { root } = await codexTree(workspace);
  const place = newPlace(workspace, root);
  await runCodexBackup(place, ['run']);
  return place;
});

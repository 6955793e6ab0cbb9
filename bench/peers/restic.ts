import type { CodexTree } from '../inputs/codex-tree.ts';
import { runCommand } from '../measure/run-command.ts';
import type { Workspace } from '../workspace.ts';

/** Makes a repository; the answer takes a snapshot of the tree's code in it, in that many milliseconds. */
export async function createRestic(workspace: Workspace, tree: CodexTree): Promise<() => Promise<number>> {
  const env = {
    ...process.env,
    RESTIC_REPOSITORY: workspace.newPath('restic'),
    RESTIC_PASSWORD: 'bench',
    RESTIC_CACHE_DIR: workspace.newFolder('restic-cache'),
  };
  await runCommand('restic', ['init'], { env });
  return () => runCommand('restic', ['backup', '--exclude=codex-brain', '.'], { cwd: tree.root, env });
}

import type { CodexTree } from '../inputs/codex-tree.ts';
import { runCommand } from '../measure/run-command.ts';
import type { Workspace } from '../workspace.ts';

/** Makes a repository, not encrypted; the answer takes a snapshot of the tree's code in it, in that many milliseconds. */
export async function createBorg(workspace: Workspace, tree: CodexTree): Promise<() => Promise<number>> {
  const env = {
    ...process.env,
    BORG_REPO: workspace.newPath('borg'),
    BORG_BASE_DIR: workspace.newFolder('borg-home'),
    BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
  };
  await runCommand('borg', ['init', '--encryption=none'], { env });
  let count = 0;
  return () => {
    count += 1;
    return runCommand('borg', ['create', '--exclude=codex-brain', `::run-${count}`, '.'], { cwd: tree.root, env });
  };
}

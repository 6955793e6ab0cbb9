import { statSync } from 'node:fs';
import type { CodexTree } from '../inputs/codex-tree.ts';
import { codexTree } from '../inputs/codex-tree.ts';
import { readCommand, runCommand } from '../measure/run-command.ts';
import { oncePerRun, type Workspace } from '../workspace.ts';

/** What a user of tar would name: all but the folder of the Brain. */
const codeParameters = ['--exclude=codex-brain', '.'];

/** `tar -czf`: the milliseconds that it takes. */
export function writeTarGz(tree: CodexTree, archive: string): Promise<number> {
  return runCommand('tar', ['-czf', archive, ...codeParameters], { cwd: tree.root });
}

/** `tar | pigz`, on all cores. */
export function writeTarPigz(tree: CodexTree, archive: string): Promise<number> {
  const command = `tar -cf - ${codeParameters.join(' ')} | pigz > "$1"`;
  return runCommand('sh', ['-c', command, 'sh', archive], { cwd: tree.root });
}

export interface TarArchive {
  readonly file: string;
  readonly bytes: number;
}

/** An archive of the shared tree, to list and to read from. */
export const tarArchive = oncePerRun(async (workspace: Workspace): Promise<TarArchive> => {
  const file = workspace.newPath('peer.tar.gz');
  await writeTarGz(await codexTree(workspace), file);
  return { file, bytes: statSync(file).size };
});

/** Paths of everything in an archive that is no folder, in order. */
export async function listTarFiles(workspace: Workspace, archive: string): Promise<readonly string[]> {
  const output = await readCommand('tar', ['-tzf', archive], workspace.newPath('list'));
  const names = output.split('\n').filter((name) => name !== '' && !name.endsWith('/'));
  return names.map((name) => (name.startsWith('./') ? name.slice(2) : name)).sort();
}

import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { runCommand } from '../measure/run-command.ts';
import { oncePerRun, type Workspace } from '../workspace.ts';
import { createSmallBrain } from './brain.ts';
import { fetchPackage } from './fetch-package.ts';
import { packages } from './packages.ts';

/** A Codex of real source files, with a small Brain. */
export interface CodexTree {
  readonly root: string;
  /** Regular files of its code, relative to the root, in order. */
  readonly files: readonly string[];
}

/** Built once per run; a row that changes it copies it first. */
export const codexTree = oncePerRun(buildCodexTree);

/** A copy of the tree for a row that changes files. */
export async function copyCodexTree(workspace: Workspace): Promise<CodexTree> {
  const tree = await codexTree(workspace);
  const root = workspace.newPath('codex-copy');
  await runCommand('cp', ['-Rp', tree.root, root]);
  await outlastRaciness();
  return { ...tree, root };
}

/** A snapshot reads a file again that was touched within 2 s before the one before it: inputs must be older. */
async function outlastRaciness(): Promise<void> {
  await setTimeout(2200);
}

async function buildCodexTree(workspace: Workspace): Promise<CodexTree> {
  const root = workspace.newFolder('codex');
  writeFileSync(join(root, 'package.json'), '{ "name": "codex", "private": true, "type": "module" }\n');
  for (const wanted of packages) {
    const folder = join(root, wanted.place);
    mkdirSync(folder, { recursive: true });
    const tarball = await fetchPackage(workspace.cache, wanted);
    await runCommand('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
    renameExcluded(folder);
  }
  const files = listFiles(root);
  mkdirSync(join(root, 'codex-brain', 'codex-brain-data'), { recursive: true });
  createSmallBrain(join(root, 'codex-brain', 'codex-brain-data', 'codex-brain.db'));
  await outlastRaciness();
  return { root, files };
}

/** What is excluded always would be left out by us and not by the peers: it gets another name. */
function renameExcluded(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const name = harmlessName(entry.name);
    if (name !== entry.name) renameSync(join(folder, entry.name), join(folder, name));
    if (entry.isDirectory()) renameExcluded(join(folder, name));
  }
}

function harmlessName(name: string): string {
  if (name === 'dist') return 'built';
  if (name === 'node_modules') return 'modules';
  if (name === '.gitignore' || name.startsWith('.env')) return name.slice(1);
  return name.endsWith('.log') ? `${name}.txt` : name;
}

function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

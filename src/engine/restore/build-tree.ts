import { chmodSync, constants, existsSync, mkdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { snapshotFiles, type Warning } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import type { RestoreScope } from '../../shared/restore-plan.ts';
import { checkPublishedDatabase } from '../brain/check.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import { openCodeSource } from './code-source.ts';
import { isWanted } from './path-tree.ts';
import { chooseDatabases, isWhole } from './plan-restore.ts';
import { stageDatabases } from './stage-databases.ts';
import { unfoldLegacy, warnOfLeftOut } from './unfold-legacy.ts';

export interface BuildTreeOptions {
  readonly scope: RestoreScope;
  readonly paths: readonly string[];
  /** An empty folder, 0700, by its real path. */
  readonly target: string;
  /** Where the Brain goes, relative to the target. */
  readonly brainPath: string;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
}

/** Builds what a snapshot holds in an empty folder, every byte checked. Works for snapshots of v1.5 too. */
export async function buildTree(entry: CatalogEntry, options: BuildTreeOptions): Promise<readonly Warning[]> {
  if (entry.snapshot.status === 'legacy') return buildLegacyTree(entry, options);
  const { scope, paths, target, signal, onProgress } = options;
  const source = scope === 'code' || isWhole(scope) ? openCodeSource(entry) : undefined;
  await source?.extract(target, ({ path }) => isWanted(path, paths), { signal, onProgress });
  const { brain, others } = chooseDatabases(entry.snapshot, scope);
  const parts = [...(brain === null ? [] : [brain]), ...others].filter(({ path }) => isWanted(path, paths));
  await stageDatabases({ snapshot: entry.snapshot.path, parts, target, signal, onProgress });
  return [];
}

async function buildLegacyTree({ snapshot }: CatalogEntry, options: BuildTreeOptions): Promise<readonly Warning[]> {
  const { scope } = options;
  const hasCode = scope === 'code' || isWhole(scope);
  const leftOut = (hasCode ? await unfoldLegacy(snapshot.path, { ...options, fsync: true }) : undefined) ?? [];
  const brain = scope === 'brain' || isWhole(scope) ? await copyLegacyBrain(snapshot.path, options) : [];
  return [...leftOut.map(warnOfLeftOut), ...brain];
}

async function copyLegacyBrain(folder: string, options: BuildTreeOptions): Promise<readonly Warning[]> {
  const { target, brainPath, paths, signal } = options;
  const file = join(folder, snapshotFiles.brain);
  if (!existsSync(file) || !isWanted(brainPath, paths)) return [];
  const copy = join(target, brainPath);
  mkdirSync(dirname(copy), { recursive: true });
  await copyFile(file, copy, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  chmodSync(copy, 0o644);
  // Its copy was made while it was written to: it may be torn, and nobody has checked it.
  const scratchFolder = dirname(copy);
  const { integrity } = await checkPublishedDatabase({ file: copy, scratchFolder, untrusted: true, signal });
  return integrity === 'ok' ? [] : [{ code: 'database-corrupt', message: `${brainPath} is damaged: ${integrity}` }];
}

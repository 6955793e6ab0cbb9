import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotFiles, type Warning } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { createBuiltinTest, withSideFiles } from '../code/builtin-excludes.ts';
import { extractLegacy } from '../code/extract-legacy.ts';
import type { LeftOut } from '../code/plan-legacy.ts';
import { freeBytes } from '../platform/disk-space.ts';
import { asStaging } from './code-source.ts';
import { isWanted } from './path-tree.ts';

export interface UnfoldLegacyOptions {
  /** An empty folder, 0700, by its real path. */
  readonly target: string;
  /** Where the Brain is in the root. */
  readonly brainPath: string;
  readonly paths: readonly string[];
  /** Whether all is flushed to the disk. */
  readonly fsync: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
}

const reserveBytes = 200_000_000;

/**
 * Unpacks the archive of a v1.5 snapshot, less what no snapshot of ours would hold. Answers what could do harm or can't
 * be made, and was left out; undefined where there is no archive.
 */
export async function unfoldLegacy(
  snapshotFolder: string,
  options: UnfoldLegacyOptions,
): Promise<readonly LeftOut[] | undefined> {
  const archiveFile = join(snapshotFolder, snapshotFiles.code);
  if (!existsSync(archiveFile)) return undefined;
  const { target, fsync, signal, onProgress } = options;
  const { refused, skipped } = await extractLegacy({
    archiveFile,
    target,
    isExcluded: legacyExcludes(options),
    limits: { entries: 1_000_000, bytes: Math.max(0, freeBytes(target) - reserveBytes), depth: 100 },
    signal,
    ...asStaging(onProgress),
    fsync,
  });
  return [...refused, ...skipped];
}

export const warnOfLeftOut = ({ path, reason }: LeftOut): Warning => ({
  code: 'entry-left-out',
  message: `${path} was left out: ${reason}.`,
});

/** What is always excluded, and the Brain, of which the archive has a copy made while it was written to. */
function legacyExcludes({ brainPath, paths }: UnfoldLegacyOptions): (path: string) => boolean {
  const isBuiltin = createBuiltinTest();
  const brain = withSideFiles([brainPath]);
  const leadsToWanted = (path: string): boolean =>
    isWanted(path, paths) || paths.some((each) => each.startsWith(`${path}/`));
  return (path) => brain.has(path) || path.split('/').some(isBuiltin) || !leadsToWanted(path);
}

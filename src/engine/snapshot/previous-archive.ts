import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { type CodePart, snapshotFiles } from '../../shared/model.ts';
import type { CodeIndex } from '../code/code-index.ts';
import { readIndexOnce } from '../code/index-cache.ts';
import type { EngineContext } from '../context.ts';
import type { CatalogEntry } from './catalog.ts';
import type { VouchedFile } from './describe-snapshot.ts';

/** The archive of an earlier snapshot, to reuse what has not changed. */
export interface PreviousArchive {
  readonly folder: string;
  readonly index: CodeIndex;
  readonly code: CodePart;
  readonly indexFile: VouchedFile;
}

/** The index and archive of a snapshot, when the index can be believed; a damaged one is not reused. */
export function openPreviousArchive(context: EngineContext, entry: CatalogEntry): PreviousArchive | undefined {
  const { snapshot, manifest } = entry;
  const indexFile = manifest?.files.find(({ file }) => file === snapshotFiles.index);
  if (snapshot.code === null || indexFile === undefined) return undefined;
  try {
    const index = readIndexOnce(join(snapshot.path, snapshotFiles.index));
    return { folder: snapshot.path, index, code: snapshot.code, indexFile };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.logger.warn(`The archive of ${snapshot.id} is not reused: ${error.message}`);
    return undefined;
  }
}

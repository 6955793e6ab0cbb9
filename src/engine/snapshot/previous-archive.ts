import { join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import { type CodePart, snapshotFiles } from '../../shared/model.ts';
import type { CodeIndex } from '../code/code-index.ts';
import { readIndexOnce } from '../code/index-cache.ts';
import type { EngineContext } from '../context.ts';
import type { Logger } from '../platform/logger.ts';
import { once } from '../platform/remember.ts';
import type { CatalogEntry } from './catalog.ts';
import type { VouchedFile } from './describe-snapshot.ts';

/** The archive of an earlier snapshot, to reuse what has not changed. */
export interface PreviousArchive {
  readonly folder: string;
  readonly code: CodePart;
  readonly indexFile: VouchedFile;
  /** The digest of the sources that it was made of, to know them again without reading its index. */
  readonly sourcesSha256: string | undefined;
  /** Undefined, and logged, when the index can't be believed: nothing of it is reused then. */
  index(): CodeIndex | undefined;
}

/** The archive and the index of a snapshot; undefined when it has none. */
export function openPreviousArchive({ logger }: EngineContext, entry: CatalogEntry): PreviousArchive | undefined {
  const { snapshot, manifest } = entry;
  const indexFile = manifest?.files.find(({ file }) => file === snapshotFiles.index);
  if (snapshot.code === null || indexFile === undefined) return undefined;
  const readIndex = once(() => readBelievable(join(snapshot.path, snapshotFiles.index), logger));
  return {
    folder: snapshot.path,
    code: snapshot.code,
    indexFile,
    sourcesSha256: manifest?.code?.sourcesSha256,
    index: readIndex,
  };
}

function readBelievable(file: string, logger: Logger): CodeIndex | undefined {
  try {
    return readIndexOnce(file);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.warn(`The archive beside ${file} is not reused: ${error.message}`);
    return undefined;
  }
}

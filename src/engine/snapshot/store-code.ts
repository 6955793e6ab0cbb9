import { constants, copyFileSync, linkSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../shared/app-error.ts';
import { type CodePart, type Skipped, snapshotFiles, type Warning } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { type ArchiveResult, writeArchive } from '../code/archive-writer.ts';
import type { CodeEntry } from '../code/code-entry.ts';
import { type CodeIndex, writeIndex } from '../code/code-index.ts';
import { syncFile } from '../platform/durable-file.ts';
import { failPoint } from '../platform/fail-point.ts';
import { hashFile } from '../platform/hash-file.ts';
import { settleBoth } from '../platform/settle-both.ts';
import type { VouchedFile } from './describe-snapshot.ts';
import type { PreviousArchive } from './previous-archive.ts';
import type { Problem } from './problem.ts';
import type { Staging } from './staging.ts';
import { verifyArchive } from './verify-archive.ts';

export interface StoreCodeOptions {
  readonly root: string;
  readonly entries: readonly CodeEntry[];
  readonly staging: Staging;
  readonly previous: PreviousArchive | undefined;
  /** The entries are those that `previous` was made of. */
  readonly isSame: boolean;
  readonly rereadAll: boolean;
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress | undefined;
}

export interface StoredCode {
  readonly code: CodePart;
  readonly index: VouchedFile;
  readonly skipped: readonly Skipped[];
  readonly warnings: readonly Warning[];
  /** What reading back found wrong; nothing may be published then. */
  readonly problems: readonly Problem[];
}

/** Puts the code into the staging folder: linked where nothing changed, else written in packs and read back. */
export async function storeCode(options: StoreCodeOptions): Promise<StoredCode> {
  const { previous, staging } = options;
  if (options.isSame && !options.rereadAll) return link(options, { skipped: [], warnings: [] });
  const archiveFile = staging.place(snapshotFiles.code);
  const index = previous?.index();
  const result = await writeArchive({
    root: options.root,
    entries: options.entries,
    archiveFile,
    rereadAll: options.rereadAll,
    startedAtMs: options.startedAtMs,
    signal: options.signal,
    ...(previous !== undefined &&
      index !== undefined && { previous: { archiveFile: join(previous.folder, snapshotFiles.code), index } }),
    ...(options.onProgress !== undefined && { onProgress: options.onProgress }),
  });
  return result.kind === 'written' ? readBack(options, result) : link(options, result);
}

/** Links the previous archive and its index; where their bytes are not what they were, everything is written anew. */
async function link(options: StoreCodeOptions, remarks: Pick<StoredCode, 'skipped' | 'warnings'>): Promise<StoredCode> {
  const { previous, staging } = options;
  if (previous !== undefined && (await isIntact(previous, options.signal))) {
    const { skipped, warnings } = remarks;
    return { ...linkPrevious(previous, staging), skipped, warnings, problems: [] };
  }
  const stored = await storeCode({ ...options, previous: undefined, isSame: false });
  const message = `The archive in ${previous?.folder ?? ''} is damaged; the code was written anew.`;
  return { ...stored, warnings: [...stored.warnings, { code: 'archive-damaged', message }] };
}

async function isIntact({ folder, code, indexFile }: PreviousArchive, signal: AbortSignal): Promise<boolean> {
  const hashes = await Promise.all(
    [snapshotFiles.code, snapshotFiles.index].map((file) => hashFile(join(folder, file), signal)),
  );
  return hashes[0] === code.sha256 && hashes[1] === indexFile.sha256;
}

function linkPrevious(
  { folder, code, indexFile }: PreviousArchive,
  staging: Staging,
): Pick<StoredCode, 'code' | 'index'> {
  for (const file of [snapshotFiles.code, snapshotFiles.index]) {
    linkOrCopy(join(folder, file), staging.place(file));
    failPoint(`linked:${file}`);
  }
  const packs = { total: code.packs.total, reused: code.packs.total };
  return { code: { ...code, packs, linked: true }, index: indexFile };
}

/** A hard link; where the file system has none, or a file has too many, a copy. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!['EMLINK', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'ENOSYS'].includes(systemErrorCode(error) ?? ''))
      throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    syncFile(to);
  }
}

async function storeIndex(file: string, index: CodeIndex, signal: AbortSignal) {
  const written = writeIndex(file, index);
  failPoint('snapshot:index');
  // By its hash: parsing it again would hold every entry twice, which counts with 100,000 files.
  return { ...written, isIndexRead: (await hashFile(file, signal)) === written.sha256 };
}

async function readBack(
  { staging, signal, onProgress }: StoreCodeOptions,
  result: Extract<ArchiveResult, { kind: 'written' }>,
): Promise<StoredCode> {
  const archiveFile = join(staging.folder, snapshotFiles.code);
  const indexFile = staging.place(snapshotFiles.index);
  const reading = verifyArchive({
    archiveFile,
    index: result.index,
    expected: { bytes: result.bytes, sha256: result.sha256 },
    packs: result.newPacks,
    signal,
    ...(onProgress !== undefined && { onProgress: (event) => onProgress({ ...event, phase: 'read-back' }) }),
  });
  // While threads read the archive back.
  const [problems, { isIndexRead, ...written }] = await settleBoth(
    reading,
    storeIndex(indexFile, result.index, signal),
  );
  return {
    code: {
      file: snapshotFiles.code,
      bytes: result.bytes,
      sha256: result.sha256,
      files: result.files,
      rawBytes: result.rawBytes,
      packs: result.packs,
      linked: false,
    },
    index: { file: snapshotFiles.index, ...written },
    skipped: result.skipped,
    warnings: result.warnings,
    problems: isIndexRead ? problems : [{ file: snapshotFiles.index, message: 'its bytes do not match their hash' }],
  };
}

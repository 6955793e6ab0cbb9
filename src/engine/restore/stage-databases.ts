import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { DatabasePart } from '../../shared/model.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { checkDatabase } from '../brain/check.ts';
import type { DatabaseCheck } from '../brain/check-messages.ts';
import { prepareDatabase } from '../brain/prepare-database.ts';
import { hashFile } from '../platform/hash-file.ts';
import { writeFailure } from '../platform/system-failure.ts';

export interface StageDatabasesOptions {
  /** The snapshot's folder. */
  readonly snapshot: string;
  readonly parts: readonly DatabasePart[];
  /** Each copy gets its path in the root below this folder. */
  readonly target: string;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
}

/** Copies databases out of a snapshot, and proves each copy by its hash and through SQLite before anything believes it. */
export async function stageDatabases({
  snapshot,
  parts,
  target,
  signal,
  onProgress,
}: StageDatabasesOptions): Promise<void> {
  for (const part of parts) {
    signal.throwIfAborted();
    const copy = join(target, part.path);
    await mkdir(dirname(copy), { recursive: true });
    try {
      await copyFile(join(snapshot, part.file), copy, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    } catch (error) {
      throw writeFailure(error, copy);
    }
    await proveCopy(part, copy, { signal, onProgress });
    prepareDatabase(copy, part);
  }
}

async function proveCopy(
  part: DatabasePart,
  file: string,
  options: Pick<StageDatabasesOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  const { tables, pageCount } = part;
  const wrong = damaged(part, 'its bytes do not match their hash');
  let check: DatabaseCheck;
  try {
    check = await checkDatabase({ file, expected: { tables, pageCount }, ...options });
  } catch (error) {
    options.signal.throwIfAborted();
    // What is so damaged that it can't even be checked.
    throw (await hashFile(file, options.signal)) === part.sha256 ? error : wrong;
  }
  // The hash comes first: it says of every byte what SQLite says of those that it understands.
  if (check.sha256 !== part.sha256) throw wrong;
  const { integrity, problems } = check;
  // What was corrupt at its source was saved and named as such; the plan has warned of it.
  if (integrity !== 'ok' && part.integrity === 'ok') throw damaged(part, `integrity check says: ${integrity}`);
  const [problem] = part.integrity === 'ok' ? problems : [];
  if (problem !== undefined) throw damaged(part, problem);
}

function damaged({ file }: DatabasePart, why: string): AppError {
  return new AppError('snapshot-damaged', `${file} of the snapshot is damaged: ${why}.`, {
    hint: 'Use another snapshot: "codex-backup verify --all" tells which are intact.',
  });
}

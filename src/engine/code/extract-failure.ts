import { AppError, systemErrorCode } from '../../shared/app-error.ts';

/** The error for an archive that is not what it should be; `path` is the entry, or empty for the archive as a whole. */
export function damagedArchive(archiveFile: string, path: string, reason: string, cause?: unknown): AppError {
  const subject = path === '' ? archiveFile : `${path} in ${archiveFile}`;
  return new AppError('snapshot-damaged', `${subject} is damaged: ${reason}.`, {
    hint: 'Nothing of the live files was touched. Use another snapshot, or restore other files of this one.',
    details: { archive: archiveFile, entry: path },
    cause,
  });
}

/** Turns a failure of the system while unpacking to `target` into an error that says what to do. Others pass through. */
export function extractFailure(error: unknown, target: string): unknown {
  const code = systemErrorCode(error);
  if (error instanceof AppError || code === undefined || code.startsWith('ERR_')) return error;
  const path = pathOf(error) ?? target;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('disk-full', `The disk is full: ${path} could not be unpacked.`, {
      hint: 'Nothing of the live files was touched. Free some space, then try again.',
      cause: error,
    });
  }
  return new AppError('io', `${path} could not be unpacked: ${code}.`, {
    hint:
      code === 'ENAMETOOLONG'
        ? 'Its path is too long for this place: restore to a folder with a shorter path.'
        : 'Nothing of the live files was touched. Check the disk and its permissions, then try again.',
    cause: error,
  });
}

/** Node says which path a call was about, if it was about one. */
function pathOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error)) return undefined;
  return typeof error.path === 'string' && error.path !== '' ? error.path : undefined;
}

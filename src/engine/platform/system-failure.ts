import { AppError, systemErrorCode } from '../../shared/app-error.ts';

/** Turns a failed write below `path` into an error that says what happened and what to do. Other errors pass through. */
export function writeFailure(error: unknown, path: string): unknown {
  if (error instanceof AppError) return error;
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new AppError('disk-full', `The disk is full: ${path} could not be written.`, {
        hint: 'Free some space, or remove old snapshots with "codex-backup remove ID". Earlier snapshots are intact.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('backups-unwritable', `${path} can not be written: ${systemErrorCode(error)}.`, {
        hint:
          process.platform === 'darwin'
            ? 'Check its permissions, and "Privacy & Security > Files and Folders" in the System Settings.'
            : 'Check the permissions of the folder and that its disk is not mounted read-only.',
        cause: error,
      });
    case 'EIO':
    case 'EFBIG':
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOTDIR':
    case 'SQLITE_IOERR_WRITE':
    case 'SQLITE_IOERR_FSYNC':
      return new AppError('io', `Writing ${path} failed: ${systemErrorCode(error)}.`, {
        hint: 'Nothing was published and earlier snapshots are intact. Check the disk, then try again.',
        cause: error,
      });
    default:
      return error;
  }
}

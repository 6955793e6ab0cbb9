import { constants } from 'node:os';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';

/**
 * Turns what the system or SQLite says of a failed write below `folder` into an error that names the file and says what
 * to do. Anything else passes through.
 */
export function writeFailure(error: unknown, folder: string): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const path = pathOf(error) ?? folder;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new AppError('disk-full', `The disk is full: ${path} could not be written.`, {
        hint: 'Free some space, or remove old snapshots with "codex-backup prune". Earlier snapshots are intact.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError('backups-unwritable', `${path} can not be written: ${code}.`, {
        hint:
          process.platform === 'darwin'
            ? 'Check its permissions, and "Privacy & Security > Files and Folders" in the System Settings.'
            : 'Check the permissions of the folder and that its disk is not mounted read-only.',
        cause: error,
      });
    case 'EMFILE':
    case 'ENFILE':
      return new AppError('io', `${path} could not be opened: too many files are open (${code}).`, {
        hint: 'Raise the limit of open files ("ulimit -n"), or end programs that hold many open, then try again.',
        cause: error,
      });
    case 'EFBIG':
      return new AppError('io', `${path} would become larger than is allowed here (EFBIG).`, {
        hint: 'Raise the limit ("ulimit -f"), or choose a disk whose file system takes larger files.',
        cause: error,
      });
    default:
      if (code === undefined || !saysTheSystem.test(code)) return error;
      return new AppError('io', `Reading or writing ${path} failed: ${code}.`, {
        hint: 'Earlier snapshots are intact. Check the disk and whether it is still connected, then try again.',
        cause: error,
      });
  }
}

function codeOf(error: unknown): string | undefined {
  if (lacksFiles(error)) return 'EMFILE';
  const code = systemErrorCode(error);
  // libuv has no name for EDQUOT and some others: Node's code is then "Unknown system error -122".
  const [, number] = /^Unknown system error -(\d+)$/.exec(code ?? '') ?? [];
  if (number === undefined) return code;
  const named = Object.entries(constants.errno).find(([, value]) => value === Number(number));
  return named?.[0] ?? `E${number}`;
}

/** Node says it in words only when it is its own module or thread that can't be opened. */
function lacksFiles(error: unknown): boolean {
  return error instanceof Error && /\bEMFILE\b|too many open files/i.test(error.message);
}

/** Codes of the system (`EIO`) and of SQLite, not those of Node's own errors (`ERR_INVALID_ARG_TYPE`). */
const saysTheSystem = /^(E[A-Z0-9]+|SQLITE_[A-Z_]+)$/;

function pathOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { path, dest } = error as { readonly path?: unknown; readonly dest?: unknown };
  return [dest, path].find((value) => typeof value === 'string');
}

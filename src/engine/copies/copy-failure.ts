import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { writeFailure } from '../platform/system-failure.ts';

/** The place of a copy is not what it was, so nothing is written there. */
export function absent(place: string, why: string, hint = 'Connect its disk. Nothing was written.'): AppError {
  return new AppError('copy-absent', `The copy at ${place} is not there: ${why}.`, { hint });
}

/** What is mounted there does not even say whether it is there. */
export const silent = (place: string): AppError =>
  absent(
    place,
    'its file system does not answer',
    'Connect its server or disk again, or unmount it. Nothing was written.',
  );

/** What the system says of a failed step in the folder of a copy, as an error that names it and says what to do. */
export function folderFailure(error: unknown, place: string): unknown {
  if (error instanceof AppError) return error;
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  if (['EROFS', 'ENODEV', 'ENXIO', 'ESTALE', 'EHOSTDOWN', 'ENOTCONN'].includes(code)) {
    return absent(place, code === 'EROFS' ? 'its disk is read-only' : `its disk went away (${code})`);
  }
  const failure = writeFailure(error, place);
  if (failure instanceof AppError && failure.code === 'disk-full') return full(place, error);
  if (failure instanceof AppError && failure.code === 'backups-unwritable') {
    return new AppError('copy-absent', failure.message, { hint: failure.hint ?? '', cause: error });
  }
  return failure;
}

export function full(place: string, cause?: unknown): AppError {
  return new AppError('copy-full', `The place of the copy is full: ${place}.`, {
    hint: 'Free some space there, or give the copy rules of its own ("retention" in the setting "copies"). What it holds is intact.',
    cause,
  });
}

import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { absent, folderFailure } from './copy-failure.ts';
import { markerName, parseMarker } from './copy-marker.ts';

/** Why the folder of a copy can't be used now; null where it is there. A look at one small file. */
export function probeFolder(place: string, copyId: string | null): AppError | null {
  try {
    const { copyId: found } = parseMarker(readFileSync(join(place, markerName), 'utf8'), place);
    if (copyId !== null && found !== copyId) return absent(place, 'another copy lies there');
    accessSync(place, constants.W_OK);
    return null;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') {
      if (copyId !== null) return absent(place, 'its disk is not connected');
      return absent(place, 'it was never set up', 'Connect its disk, and run "codex-backup copy NAME" once.');
    }
    const failure = folderFailure(error, place);
    if (failure instanceof AppError) return failure;
    throw error;
  }
}
